import { describe, expect, it } from 'vitest';
import { ByteDataset } from '../../../../../src/host/datasets/dataset';
import { ImageGatherer } from '../../../../../src/host/engines/compiled/native/images';
import { NativeMemory } from '../../../../../src/host/engines/compiled/native/memory';
import { Random } from '../../../../../src/host/training/index';

describe.each([[1, 3, 1], [5, 7, 1], [28, 28, 1], [3, 5, 3]] as const)('images of %i x %i x %i', (height, width, channels) => {
  const size = height * width * channels;
  const random = new Random(1);
  const source = Uint8Array.from({ length: 300 * size }, (_, i) => (i < 256 ? i : random.uint32() >>> 24)); // every byte there is
  const setUp = async (rows: number) => {
    const memory = await NativeMemory.create([rows * size, 4 * rows * size, 64]);
    return { gatherer: new ImageGatherer(memory, rows, size), into: memory.floats(rows * size), next: memory.floats(16) };
  };

  it('are gathered as the data set does', async () => {
    const indices = [0, 299, 1, 1, ...Array.from({ length: 300 }, (_, i) => i)];
    const { gatherer, into, next } = await setUp(indices.length);
    next.values.fill(7);
    gatherer.gather(source, indices, into);
    expect(into.values).toEqual(new ByteDataset('bytes', [height, width, channels], source, source).batch('train', indices).data);
    expect(next.values.every((value) => value === 7)).toBe(true);
  });

  it('are refused where they are not there or do not fit', async () => {
    const { gatherer, into } = await setUp(2);
    for (const index of [300, -1, 0.5, NaN]) expect(() => { gatherer.gather(source, [0, index], into); }, String(index)).toThrow(`no example ${index}`);
    expect(() => { gatherer.gather(source, [0, 1, 2], into); }).toThrow(RangeError);
    expect(() => { gatherer.gather(source, [0], into); }).toThrow(RangeError);
  });
});
