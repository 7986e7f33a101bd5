import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Batch } from '../../../src/host/engines/engine';

const fixtures = path.join(__dirname, '..', '..', 'fixtures', 'data');
/** What NumPy and Pillow read in the fixtures; made by test/fixtures/data/make.py. */
export const expected = JSON.parse(readFileSync(path.join(fixtures, 'expected.json'), 'utf8')) as {
  bytes: number[][]; floats: number[][]; pictures: Record<string, number[]>; luma: number[];
  resized: { picture: string; height: number; width: number; values: number[] }[]; noise: { values: number[]; resized: number[] };
};
export const array = (name: string): string => path.join(fixtures, 'arrays', name);
export const picture = (name: string): string => path.join(fixtures, 'pictures', name);
/** The examples of a batch, each a list of values rounded to what 32-bit floats hold. */
export function rows({ count, data }: Batch): number[][] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => [...data.subarray(i * size, (i + 1) * size)]);
}
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
