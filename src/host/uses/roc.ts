/**
 * The area under the ROC curve: the chance that one of the outliers has a higher score than one of the others, ties counting half (the Mann-Whitney statistic), and its standard error
 * (Hanley & McNeil 1982, eq. 1 and 2).
 */
export function areaUnderRoc(outliers: readonly number[], others: readonly number[]): { value: number; standardError: number } {
  const all = [...outliers.map((score) => ({ score, isOutlier: true })), ...others.map((score) => ({ score, isOutlier: false }))].sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.score === all[from]?.score) to++;
    for (let i = from; i < to; i++) if (all[i]?.isOutlier) ranks += (from + to + 1) / 2; // tied ones share their ranks, counted from 1
    from = to;
  }
  const [n, m] = [outliers.length, others.length];
  const a = (ranks - n * (n + 1) / 2) / (n * m);
  const [q1, q2] = [a / (2 - a), 2 * a * a / (1 + a)];
  return { value: a, standardError: Math.sqrt(Math.max(0, a * (1 - a) + (n - 1) * (q1 - a * a) + (m - 1) * (q2 - a * a)) / (n * m)) };
}
