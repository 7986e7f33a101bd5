import { decode, encode } from 'fast-png';
import { errorText } from '../protocol/errorText';
import type { ImageStrip } from '../protocol/images';
import { checkPng } from './checkPng';

/** Strips as one picture of `columns` columns, as PNG bytes; each strip begins a new row. @throws RangeError when there is none. */
export function gridPng(strips: readonly ImageStrip[], columns: number): Uint8Array {
  const [first] = strips;
  if (!first) throw new RangeError('There is no picture to write.');
  const { height, width, channels } = first;
  const rows = strips.reduce((sum, strip) => sum + Math.ceil(strip.count / columns), 0);
  const data = new Uint8Array(rows * height * columns * width * channels);
  let row = 0;
  for (const strip of strips) {
    for (let i = 0; i < strip.count; i++) {
      for (let y = 0; y < height; y++) {
        const from = (i * height + y) * width * channels;
        data.set(strip.pixels.subarray(from, from + width * channels), (((row + Math.floor(i / columns)) * height + y) * columns + (i % columns)) * width * channels);
      }
    }
    row += Math.ceil(strip.count / columns);
  }
  return encode({ width: columns * width, height: rows * height, data, channels: channels === 3 ? 3 : 1, depth: 8 });
}

/** A strip as a PNG one picture wide. */
export const stripPng = (strip: ImageStrip): Uint8Array => gridPng([strip], 1);

/** Of a strip: 1024 pictures of 256 x 256. */
const LARGEST_PIXELS = 1024 * 256 * 256;
/** Bytes that are no such picture. */
export class PictureError extends Error {}

/** The strip that `stripPng` wrote. @throws PictureError when it is not one of pictures of this height. */
export function readStripPng(png: Uint8Array, height: number): ImageStrip {
  const { width, height: total, channels, data } = decodePng(png);
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray) || total % height !== 0) throw new PictureError('This PNG holds no strip of such pictures.');
  return { count: total / height, height, width, channels, pixels: Uint8Array.from(data) };
}

function decodePng(png: Uint8Array): ReturnType<typeof decode> {
  try {
    checkPng(png, LARGEST_PIXELS);
    return decode(png);
  } catch (error) {
    throw new PictureError(errorText(error));
  }
}
