import { writeFile } from 'node:fs/promises';
import type { ImageStrip } from '../protocol/images';
import { gridPng } from '../runs/pictures';

export async function writeGrid(file: string, strips: readonly ImageStrip[], columns: number): Promise<void> {
  await writeFile(file, gridPng(strips, columns));
  console.log(`Wrote ${file}`);
}
