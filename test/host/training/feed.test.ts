import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { Feed } from '../../../src/host/training/feed';
import { gaussianNoise, maskBox, npy, sprites, type DataOptions } from '../../../src/vae/index';
import { array } from '../datasets/places';

const load = (options: DataOptions = {}) => loadDataset(sprites({ trainCount: 64, testCount: 8, ...options }));
const indices = Uint32Array.of(0, 63, 7, 7, 1);
const place = { epoch: 1, from: 0, indices };
/** A batch, copied out of what the next one is written into. */
async function next(feed: Feed): Promise<{ data: Float32Array; corrupted: Float32Array | undefined }> {
  const { data, corrupted } = await feed.next(place);
  return { data: data.slice(), corrupted: corrupted?.slice() };
}

describe('Feed', () => {
  it('gives the batches that the data set gives', async () => {
    const dataset = await load();
    const feed = await Feed.create(dataset, 5, 3, 1, 2);
    for (const some of [[...indices], [5, 4, 3, 2, 1]]) {
      expect(feed.batch(Uint32Array.from(some))).toEqual(dataset.batch('train', some));
      expect(await feed.next({ ...place, indices: Uint32Array.from(some) })).toEqual(dataset.batch('train', some));
    }
    expect(() => feed.batch([0, 1, 2, 3, 64])).toThrow('no example 64');
  });

  it('gives the training examples alone of a set with a validation split, labels too', async () => {
    const dataset = await load({ validation: 30 });
    const feed = await Feed.create(dataset, 5, 3, 1, 2);
    expect(feed.batch([33, 0, 1, 2, 3])).toEqual(dataset.batch('train', [33, 0, 1, 2, 3]));
    expect(() => feed.batch([0, 1, 2, 3, 34])).toThrow('no example 34; there are 34');
  });

  it('gives noise of its seed and stream, on from its state', async () => {
    const dataset = await load();
    const make = (seed: number, stream: number): Promise<Feed> => Feed.create(dataset, 5, 3, seed, stream);
    const [a, same, otherSeed, otherStream] = await Promise.all([make(1, 2), make(1, 2), make(2, 2), make(1, 3)]);
    const first = Float32Array.from(a.noise());
    expect(first).toHaveLength(15);
    expect(same.noise()).toEqual(first);
    expect(otherSeed.noise()).not.toEqual(first);
    expect(otherStream.noise()).not.toEqual(first);
    otherSeed.state = JSON.parse(JSON.stringify(a.state)) as Feed['state'];
    a.batch([0, 1, 2, 3, 4]); // uses no noise
    expect(otherSeed.noise()).toEqual(a.noise());
    expect(a.noise()).not.toEqual(first);
  });

  it('draws dynamic binarization anew each time, with the brightness as chance, on from its state', async () => {
    const dataset = await load({ binarization: 'dynamic' });
    const feed = await Feed.create(dataset, 5, 3, 1, 2);
    const [first, second] = [await next(feed), await next(feed)];
    expect(new Set(first.data)).toEqual(new Set([0, 1]));
    expect(second.data).not.toEqual(first.data);
    const state = JSON.parse(JSON.stringify(feed.state)) as Feed['state'];
    const third = await next(feed);
    const resumed = await Feed.create(dataset, 5, 3, 9, 2);
    resumed.state = state;
    expect(await next(resumed)).toEqual(third);
    const chances = (await load()).batch('train', [...indices]).data;
    const draws = 400;
    const white = new Float64Array(chances.length);
    for (let i = 0; i < draws; i++) (await feed.next(place)).data.forEach((value, k) => { white[k] = (white[k] ?? 0) + value; });
    let squares = 0;
    let uncertain = 0;
    chances.forEach((chance, k) => {
      const share = (white[k] ?? NaN) / draws;
      if (chance === 0 || chance === 1) { expect(share).toBe(chance); return; }
      squares += (share - chance) ** 2 / (chance * (1 - chance) / draws);
      uncertain++;
    });
    expect(uncertain).toBeGreaterThan(50);
    expect(squares / uncertain).toBeCloseTo(1, 0); // chi square by its degrees of freedom
  });

  it('corrupts anew each time, leaving the target clean, on from its state', async () => {
    const dataset = await load({ corruption: [gaussianNoise({ sigma: 0.2 }), maskBox({ height: 9, width: 4 })] });
    const feed = await Feed.create(dataset, 5, 3, 1, 2);
    const clean = (await load()).batch('train', [...indices]).data;
    const [first, second] = [await next(feed), await next(feed)];
    expect([first.data, second.data]).toEqual([clean, clean]);
    expect(second.corrupted).not.toEqual(first.corrupted);
    const { corrupted = new Float32Array(0) } = first;
    const noise = corrupted.reduce((sum, value, k) => sum + (clean[k] === 0 ? value * value : 0), 0);
    const black = clean.filter((value) => value === 0).length;
    expect(noise / black).toBeCloseTo(0.02 * (1 - 36 / 1024), 3);
    const state = JSON.parse(JSON.stringify(feed.state)) as Feed['state'];
    const third = await next(feed);
    const resumed = await Feed.create(dataset, 5, 3, 9, 2);
    resumed.state = state;
    expect(await next(resumed)).toEqual(third);
  });

  it('reads from a file what it reads from memory, ahead or not', async () => {
    const description = npy(array('float32.npy'), { test: array('float32.npy'), labels: array('labels-int64.npy'), binarization: 'static', corruption: gaussianNoise() });
    const [inMemory, inFile] = await Promise.all([undefined, 1].map(async (memoryLimit) => Feed.create(await loadDataset(description, { memoryLimit }), 4, 2, 1, 2)));
    const batches = [[0, 1, 2, 3], [8, 9, 10, 11], [3, 2, 1, 0], [5, 5, 5, 5]].map((some) => Uint32Array.from(some));
    for (const [i, some] of batches.entries()) {
      const at = { epoch: 1, from: 4 * i, indices: some, ahead: batches[i === 1 ? 3 : i + 1] }; // once it is read ahead in vain
      expect(await inFile?.next(at)).toEqual(await inMemory?.next(at));
    }
  });

  it('says which example of a file cannot be used, in the step that is for it', async () => {
    const feed = await Feed.create(await loadDataset(npy(array('hole.npy'), { test: array('float32.npy') }), { memoryLimit: 1 }), 2, 2, 1, 2);
    const [good, bad] = [Uint32Array.of(1, 2), Uint32Array.of(3, 7)];
    await feed.next({ epoch: 1, from: 0, indices: good, ahead: bad });
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    await expect(feed.next({ epoch: 1, from: 2, indices: bad })).rejects.toThrow('hole.npy, example 7: value 2 is NaN');
  });
});
