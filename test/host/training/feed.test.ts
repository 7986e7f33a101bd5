import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { Feed } from '../../../src/host/training/feed';
import { sprites } from '../../../src/vae/index';

describe('Feed', () => {
  it('gives the batches that the data set gives', async () => {
    const dataset = await loadDataset(sprites({ trainCount: 64, testCount: 8 }));
    const feed = await Feed.create(dataset, 5, 3, 1, 2);
    for (const indices of [[0, 63, 7, 7, 1], [5, 4, 3, 2, 1]]) expect(feed.batch(Uint32Array.from(indices))).toEqual(dataset.batch('train', indices));
    expect(() => feed.batch([0, 1, 2, 3, 64])).toThrow('no example 64');
  });

  it('gives noise of its seed and stream, on from its state', async () => {
    const dataset = await loadDataset(sprites({ trainCount: 64, testCount: 8 }));
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
});
