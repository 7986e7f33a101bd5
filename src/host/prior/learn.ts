import type { AutoregressiveOptions } from '../../vae/priors/index';
import { Random } from '../training/random';
import { CodePrior, GRIDS_A_CALL } from './codePrior';
import type { CodeGrid } from './pixelCnn';

/** Grids of codes, [count, places], row by row. */
export interface Grids { readonly count: number; readonly indices: Uint32Array }
export interface Learning {
  readonly grid: CodeGrid;
  readonly options: AutoregressiveOptions;
  readonly seed: number;
  readonly training: Grids;
  readonly heldOut: Grids;
  /** Runs one piece of work when nothing else runs. @throws when it was cancelled */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  /** After a step, with -log p of a code in nats, smoothed. */
  readonly onStep?: (step: number, nats: number) => void;
}
export interface Learned { readonly prior: CodePrior; readonly nats: number; readonly independentNats: number }

const Stream = { order: 72 } as const;
/** Steps over which the learning rate rises at first; over the second half it falls to 0. */
const WARM_UP = 50;
const SMOOTHING = 0.95;
/** Floats of a step's one-hot rows at most: of large grids a step takes fewer. */
const MOST_FLOATS = 2 ** 25;

const rateAt = (step: number, { steps, learningRate }: AutoregressiveOptions): number => learningRate * Math.min(1, (step + 1) / WARM_UP, 2 * (1 - step / steps));
const placesOf = ({ rows, columns }: CodeGrid): number => rows * columns;

/** How many grids a step is given. */
export const batchSizeOf = (grid: CodeGrid, { batchSize }: AutoregressiveOptions, available: number): number =>
  Math.max(1, Math.min(batchSize, available, Math.floor(MOST_FLOATS / (placesOf(grid) * grid.codes))));

/** -log p of a code, nats, on average over `heldOut`, where each is coded by itself, as often as it is used in `training` (each once more, so that none costs infinitely much). */
export function independentNats({ codes }: Pick<CodeGrid, 'codes'>, training: Grids, heldOut: Grids): number {
  const counts = new Float64Array(codes).fill(1);
  for (const code of training.indices) counts[code] = (counts[code] ?? 0) + 1;
  const total = training.indices.length + codes;
  return heldOut.indices.reduce((sum, code) => sum - Math.log((counts[code] ?? 1) / total), 0) / heldOut.indices.length;
}

/** Mean -log p of a code of these grids, nats. */
export async function meanNats(prior: CodePrior, { count, indices }: Grids, exclusive: Learning['exclusive']): Promise<number> {
  const { places } = prior;
  let sum = 0;
  for (let from = 0; from < count; from += GRIDS_A_CALL) {
    const some = Math.min(GRIDS_A_CALL, count - from);
    const given = Float32Array.from(indices.subarray(from * places, (from + some) * places));
    sum += (await exclusive(() => prior.nats(given, some))).reduce((a, b) => a + b, 0);
  }
  return sum / (count * places);
}

/** Fits a PixelCNN to grids of codes with Adam; the same seed gives the same one. @throws what `exclusive` throws; EngineError; Error where the loss is not finite */
export async function learnPrior({ grid, options, seed, training, heldOut, exclusive, onStep }: Learning): Promise<Learned> {
  const prior = await exclusive(() => CodePrior.build(grid, options, seed));
  try {
    const places = placesOf(grid);
    const count = batchSizeOf(grid, options, training.count);
    const random = new Random(seed, Stream.order);
    const batch = new Float32Array(count * places);
    let [order, at]: [Uint32Array, number] = [new Uint32Array(0), 0];
    let smooth = NaN;
    for (let step = 0; step < options.steps; step++) {
      if (at + count > order.length) [order, at] = [random.permutation(training.count), 0];
      for (let i = 0; i < count; i++) {
        const from = (order[at + i] ?? 0) * places;
        batch.set(training.indices.subarray(from, from + places), i * places);
      }
      at += count;
      const nats = await exclusive(() => prior.step(batch, count, rateAt(step, options))) / places;
      if (!Number.isFinite(nats)) throw new Error(`The loss of the prior over the codes, or a gradient of it, was not finite in step ${step + 1}. Lower prior.learningRate, and learn it again.`);
      smooth = Number.isNaN(smooth) ? nats : SMOOTHING * smooth + (1 - SMOOTHING) * nats;
      onStep?.(step + 1, smooth);
    }
    return { prior, nats: await meanNats(prior, heldOut, exclusive), independentNats: independentNats(grid, training, heldOut) };
  } catch (error) {
    prior.dispose();
    throw error;
  }
}
