import type { ImageStrip } from '../protocol/images';
import { animatedGif } from '../runs/gif';
import { gridPng } from '../runs/pictures';
import { writeAsked } from './files';

/** As one PNG, or, where the file's name says so, one after another as a GIF. */
export async function writeGrid(file: string, strips: readonly ImageStrip[], columns: number, quiet = false): Promise<void> {
  await writeAsked(file, file.toLowerCase().endsWith('.gif') ? animatedGif(strips) : gridPng(strips, columns));
  if (!quiet) console.log(`Wrote ${file}`);
}
