/** About `most` rows, spread evenly, the first and the last among them. */
export function thinned<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.round(i * (rows.length - 1) / (most - 1))]).flatMap((row) => (row === undefined ? [] : [row]));
}
