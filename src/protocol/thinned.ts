/** Of so many places about `most`, spread evenly, the first and the last among them. */
export const thinnedPlaces = (length: number, most: number): readonly number[] => Array.from({ length: Math.min(length, most) }, (_, i) => (length <= most ? i : Math.round(i * (length - 1) / (most - 1))));
/** About `most` rows, spread evenly, the first and the last among them. */
export function thinned<T>(rows: Iterable<T> & { readonly length: number; at(place: number): T | undefined }, most: number): readonly T[] {
  if (rows.length <= most) return [...rows];
  return thinnedPlaces(rows.length, most).map((place) => rows.at(place)).flatMap((row) => (row === undefined ? [] : [row]));
}
