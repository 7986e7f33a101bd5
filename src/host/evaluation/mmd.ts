/** Lets requests be answered after so many rows of a matrix of distances. */
const ROWS = 16;
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** Squared Euclidean distances of the rows of a [n, size] from those of b [m, size]: [n, m]. `check` is called now and then, and may reject. */
export async function squaredDistances(a: Float32Array, b: Float32Array, size: number, check: () => Promise<unknown> = () => Promise.resolve()): Promise<Float64Array> {
  const [n, m] = [a.length / size, b.length / size];
  const norms = (rows: Float32Array): Float64Array => Float64Array.from({ length: rows.length / size }, (_, i) => {
    let sum = 0;
    for (let d = i * size; d < (i + 1) * size; d++) sum += (rows[d] ?? 0) ** 2;
    return sum;
  });
  const [ofA, ofB] = [norms(a), norms(b)];
  const distances = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let product = 0;
      for (let d = 0, at = i * size, other = j * size; d < size; d++) product += (a[at + d] ?? 0) * (b[other + d] ?? 0);
      distances[i * m + j] = Math.max(0, (ofA[i] ?? 0) + (ofB[j] ?? 0) - 2 * product);
    }
    if (i % ROWS !== ROWS - 1) continue;
    await turn();
    await check();
  }
  return distances;
}

/** The median of the distances between different rows of a square matrix of squared distances: the usual width of the kernel (Gretton et al. 2012, section 8). */
export function medianDistance(squared: Float64Array, n: number): number {
  const between = new Float64Array(n * (n - 1) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < i; j++) between[at++] = squared[i * n + j] ?? 0;
  between.sort();
  return Math.sqrt(between[Math.floor(between.length / 2)] ?? 0);
}

/** Squared distances within x and within y, and from x (rows) to y (columns), [n, n] each. */
export interface Distances { readonly xx: Float64Array; readonly yy: Float64Array; readonly xy: Float64Array }

/**
 * The squared maximum mean discrepancy of two samples of n each, without bias (Gretton et al. 2012, eq. 4), under the kernel exp(-d^2 / (2 bandwidth^2)): about 0 where both come from one
 * distribution. It is the mean of h(i, j) = k(x_i, x_j) + k(y_i, y_j) - k(x_i, y_j) - k(x_j, y_i) over i != j, a U-statistic, and its standard error is the root of such a statistic's variance,
 * 4 (n - 2) / (n (n - 1)) Var E[h | i] + 2 / (n (n - 1)) Var h (Hoeffding 1948), which holds whether or not the two distributions are one.
 */
export function mmdSquared({ xx, yy, xy }: Distances, n: number, bandwidth: number): { value: number; standardError: number } {
  const k = (squared: number | undefined): number => Math.exp(-(squared ?? 0) / (2 * bandwidth ** 2));
  const rows = new Float64Array(n);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const h = k(xx[i * n + j]) + k(yy[i * n + j]) - k(xy[i * n + j]) - k(xy[j * n + i]);
      sum += h;
      squares += h * h;
      rows[i] = (rows[i] ?? 0) + h / (n - 1);
      rows[j] = (rows[j] ?? 0) + h / (n - 1);
    }
  }
  const pairs = n * (n - 1) / 2;
  const value = sum / pairs;
  const variance = squares / pairs - value ** 2;
  const ofRows = rows.reduce((all, row) => all + (row - value) ** 2, 0) / (n - 1);
  const ofMeans = Math.max(0, (ofRows - variance / (n - 1)) / (1 - 1 / (n - 1))); // a row's mean of n - 1 pairs varies by itself, too
  return { value, standardError: Math.sqrt((4 * (n - 2) * ofMeans + 2 * variance) / (n * (n - 1))) };
}
