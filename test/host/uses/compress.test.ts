import { describe, expect, it } from 'vitest';
import { compress, CompressedFileError, decompress, type Codec } from '../../../src/host/uses/compress';
import { codecOf } from './codec';

const SIDE = 8;
/** Predicts every pixel alike. */
const predicting = (mean: number): Codec => codecOf({
  imageShape: [SIDE, SIDE, 1], run: 'a', step: 7,
  program: { encode: ({ count }) => Promise.resolve({ mean: new Float32Array(count * 2).fill(mean), logVariance: new Float32Array(count * 2) }), decode: (_codes, count) => Promise.resolve(new Float32Array(count * SIDE * SIDE).fill(mean)) },
});
const pictures = (count: number, value: (i: number) => number) => ({ count, height: SIDE, width: SIDE, channels: 1, pixels: Uint8Array.from({ length: count * SIDE * SIDE }, (_, i) => value(i)) });
/** The file with its header changed. */
function withHeader(file: Uint8Array, change: object): Uint8Array {
  const at = file.indexOf(10) + 1;
  const bytes = Buffer.from(file);
  const end = at + 4 + bytes.readUInt32LE(at);
  const header = Buffer.from(JSON.stringify({ ...JSON.parse(bytes.subarray(at + 4, end).toString()) as object, ...change }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, at), length, header, bytes.subarray(end)]));
}

describe('pictures compressed', () => {
  it.each([['of what', 0.5], ['below all pixels', -3], ['above all pixels', 5], ['of what is no number', NaN]])('come back with predictions %s', async (_, mean) => {
    const some = pictures(3, (i) => (i * 37) % 256);
    expect(await decompress(predicting(mean), (await compress(predicting(mean), some)).file)).toEqual(some);
  });
  it('come back where they are all alike, in few bytes', async () => {
    const black = pictures(2000, () => 0);
    const { file } = await compress(predicting(0), black);
    expect(file.length).toBeLessThan(600);
    expect(await decompress(predicting(0), file)).toEqual(black);
  });
  it.each([['more pictures than its bytes can hold', { count: 100_000 }], ['more than memory holds', { count: Number.MAX_SAFE_INTEGER }], ['pictures of another shape', { height: SIDE * SIDE, width: 1 }], ['pictures of no height', { height: 0 }], ['pictures of less than none', { height: -SIDE, width: -SIDE }]])('are refused unread where the header tells of %s', async (_, change) => {
    const { file } = await compress(predicting(0.5), pictures(2, (i) => i % 256));
    await expect(decompress(predicting(0.5), withHeader(file, change))).rejects.toThrow(new CompressedFileError('The compressed file is damaged.'));
  });
  it('are not written where they would not come back in one answer', async () => {
    const large = { ...pictures(1, () => 0), count: 2 ** 20, pixels: new Uint8Array(2 ** 20 * SIDE * SIDE) };
    await expect(compress(predicting(0.5), large)).rejects.toThrow('Compress at most 983040 into a file.');
  });
});
