import type { ImageStrip } from '../protocol/images';
import type { ImageShape } from './engines/engine';

/** Values in [0, 1], [count, height, width, channels], as pictures; others are cut to the range. */
export function picturesOf(values: Float32Array, count: number, [height, width, channels]: ImageShape): ImageStrip {
  return { count, height, width, channels, pixels: Uint8Array.from(values, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255)) };
}
/** Pictures as values in [0, 1]. */
export const valuesOf = ({ pixels }: ImageStrip): Float32Array => Float32Array.from(pixels, (value) => value / 255);
