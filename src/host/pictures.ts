import type { ImageStrip } from '../protocol/images';
import type { ImageShape } from './engines/engine';

/** Values in [0, 1], [count, height, width, channels], as pictures; others are cut to the range. */
export function picturesOf(values: Float32Array, count: number, [height, width, channels]: ImageShape): ImageStrip {
  const pixels = new Uint8ClampedArray(values.length); // rounds and cuts what it is given
  for (let i = 0; i < values.length; i++) pixels[i] = (values[i] ?? 0) * 255;
  return { count, height, width, channels, pixels: new Uint8Array(pixels.buffer) };
}
/** Pictures as values in [0, 1]. */
export const valuesOf = ({ pixels }: ImageStrip): Float32Array => Float32Array.from(pixels, (value) => value / 255);
