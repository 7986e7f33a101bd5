/** About `most` rows, spread evenly, the first and the last among them. */
export function thinned<T>(rows: Iterable<T> & { readonly length: number; at(place: number): T | undefined }, most: number): readonly T[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, i) => rows.at(Math.round(i * (rows.length - 1) / (most - 1)))).flatMap((row) => (row === undefined ? [] : [row]));
}
