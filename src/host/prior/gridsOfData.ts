import assert from 'node:assert';
import type { Dataset } from '../datasets/index';
import type { Program } from '../engines/index';
import { Feed } from '../training/feed';
import { Random } from '../training/random';
import type { Grids } from './learn';

/** Examples a call of the encoder. */
const BATCH = 64;
const Stream = { examples: 74, feed: 75 } as const;
export interface GridsOptions {
  readonly program: Program;
  readonly dataset: Dataset;
  readonly places: number;
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onProgress: (fraction: number) => void;
}

async function gridsOf({ program, places, exclusive, onProgress }: GridsOptions, count: number, batchAt: (from: number, to: number) => Promise<Float32Array> | Float32Array): Promise<Grids> {
  const indices = new Uint32Array(count * places);
  for (let from = 0; from < count; from += BATCH) {
    onProgress(from / count);
    const to = Math.min(from + BATCH, count);
    await exclusive(async () => {
      const { indices: of } = await program.encode({ count: to - from, data: await batchAt(from, to) });
      assert(of, 'the model has no codebook');
      indices.set(of, from * places);
    });
  }
  return { count, indices };
}

/** The codes of so many training examples, drawn without replacement, binarized as training sees them. */
export async function trainingGrids(options: GridsOptions, count: number, seed: number): Promise<Grids> {
  const { dataset } = options;
  const feed = await Feed.create(dataset, Math.min(BATCH, count), 1, seed, Stream.feed);
  const order = feed.shuffles ? new Random(seed, Stream.examples).permutation(dataset.trainCount) : new Uint32Array(dataset.trainCount);
  const whole = Math.floor(count / Math.min(BATCH, count)) * Math.min(BATCH, count);
  return gridsOf(options, whole, async (from, to) => (await feed.next({ epoch: 1, from, indices: order.subarray(from, to) })).data);
}

/** The codes of the first `count` held-out examples. */
export function heldOutGrids(options: GridsOptions, count: number): Promise<Grids> {
  const { dataset } = options;
  return gridsOf(options, count, (from, to) => dataset.batch(dataset.heldOut.split, Array.from({ length: to - from }, (_, i) => from + i)).data);
}
