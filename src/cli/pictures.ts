import { writeFile } from 'node:fs/promises';
import { encode } from 'fast-png';
import type { ImageStrip } from '../protocol/images';

/** Strips as one picture of `columns` columns, as PNG bytes; each strip begins a new row. */
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

export async function writeGrid(file: string, strips: readonly ImageStrip[], columns: number): Promise<void> {
  await writeFile(file, gridPng(strips, columns));
  console.log(`Wrote ${file}`);
}
