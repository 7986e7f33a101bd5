import { pathThrough } from '../latent/paths';
import type { RunImages } from '../protocol/hostApi';
import type { HostHandlers } from '../protocol/rpc';
import type { ImageStrip } from '../protocol/images';
import type { Dataset } from './datasets/index';
import type { Program } from './engines/index';
import { priorChoices, priorSamples } from './latent/index';
import { picturesOf } from './pictures';

const SHOWN_EXAMPLES = 8;
const SHOWN_SAMPLES = 16;
/** Of the samples that are shown each time. */
export const FIXED_Z_SEED = 1;

/** What a person looks at: pictures made with a program between its steps. */
export class Views {
  constructor(
    private readonly program: Program,
    private readonly dataset: Dataset,
    private readonly latentDim: number,
    /** Runs work between two training steps. */
    private readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  #strip(values: Float32Array, count: number): ImageStrip { return picturesOf(values, count, this.dataset.imageShape); }
  #batch(indices: readonly number[]) { return this.dataset.batch(this.dataset.heldOut.split, indices); }

  decode(z: Float32Array): Promise<ImageStrip> {
    if (z.length === 0 || z.length % this.latentDim !== 0) throw new RangeError(`z holds ${z.length} values; give a multiple of ${this.latentDim}.`);
    const count = z.length / this.latentDim;
    return this.exclusive(async () => this.#strip(await this.program.decode(z, count), count));
  }
  async sample(count: number, seed: number): Promise<ImageStrip> {
    return this.decode(await this.exclusive(() => this.program.drawPrior(priorSamples(count, this.latentDim, seed), priorChoices(count, seed), count)));
  }

  async encode(indices: readonly number[]) {
    const batch = this.#batch(indices);
    const { mean, logVariance } = await this.exclusive(() => this.program.encode(batch));
    return { originals: this.#strip(batch.data, batch.count), means: mean, logVariances: logVariance };
  }
  async reconstruct(indices: readonly number[]) {
    const { originals, means } = await this.encode(indices);
    return { originals, reconstructions: await this.decode(means) };
  }
  async interpolate(from: number, to: number, steps: number): Promise<ImageStrip> {
    const { means } = await this.encode([from, to]);
    return this.decode(pathThrough(means, this.latentDim, steps, 'line'));
  }
  async images(step: number, seed = FIXED_Z_SEED): Promise<RunImages> {
    const shown = Array.from({ length: Math.min(SHOWN_EXAMPLES, this.dataset.heldOut.count) }, (_, i) => i);
    return { step, ...(await this.reconstruct(shown)), samples: await this.sample(SHOWN_SAMPLES, seed) };
  }
}

/** Calls on what a person looks at, whichever host serves it; `onDecode` hears of a hand that drags. */
export function viewHandlers(views: () => Views, onDecode: () => void = () => undefined): Pick<HostHandlers, 'sample' | 'decode' | 'encode' | 'reconstruct' | 'interpolate'> {
  return {
    sample: async ({ count, seed }) => views().sample(count, seed),
    decode: async ({ z, quiet }) => {
      if (!quiet) onDecode();
      return views().decode(z);
    },
    encode: async ({ indices }) => views().encode(indices),
    reconstruct: async ({ indices }) => views().reconstruct(indices),
    interpolate: async ({ from, to, steps }) => views().interpolate(from, to, steps),
  };
}
