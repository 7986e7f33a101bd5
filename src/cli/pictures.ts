import { writeFile } from 'node:fs/promises';
import type { ImageStrip } from '../protocol/images';
import { animatedGif } from '../runs/gif';
import { gridPng } from '../runs/pictures';

/** As one PNG, or, where the file's name says so, one after another as a GIF. */
export async function writeGrid(file: string, strips: readonly ImageStrip[], columns: number, quiet = false): Promise<void> {
  await writeFile(file, file.toLowerCase().endsWith('.gif') ? animatedGif(strips) : gridPng(strips, columns));
  if (!quiet) console.log(`Wrote ${file}`);
}
