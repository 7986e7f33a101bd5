/** From little to much, growing lighter all the way, so that it is read without colours too (as in viridis). */
const stops = ['#2d2a6b', '#2c5c9a', '#1f8f8f', '#3fbf72', '#b5dc3f', '#fdf0a0'] as const;
export const rampGradient = `linear-gradient(to right, ${stops.join(', ')})`;
export const rampEnds: readonly [string, string] = [stops[0], stops[stops.length - 1] ?? stops[0]];
const channels = (hex: string): number[] => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** The colour of a share from 0 to 1. */
export function rampColour(share: number): string {
  const at = share * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [channels(stops[index] ?? stops[0]), channels(stops[index + 1] ?? stops[0])];
  return `rgb(${from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * (at - index))).join(',')})`;
}
