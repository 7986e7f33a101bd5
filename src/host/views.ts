import { pathThrough } from '../latent/paths';
import type { RunImages } from '../protocol/hostApi';
import type { HostHandlers } from '../protocol/rpc';
import type { ImageStrip } from '../protocol/images';
import type { VaeModel } from '../vae/model';
import type { Dataset } from './datasets/index';
import type { Program } from './engines/index';
import { Conditions } from './latent/conditions';
import { picturesOf } from './pictures';
import type { RunPrior } from './prior/runPrior';

const SHOWN_EXAMPLES = 8;
const SHOWN_SAMPLES = 16;
/** What is decoded without a word that it need not be soon is decoded for a hand that drags; so long after the last it rests. */
const DRAG_REST_MS = 300;
/** Of the samples that are shown each time. */
export const FIXED_Z_SEED = 1;

/** What a person looks at: pictures made with a program between its steps. */
export class Views {
  readonly #latentDim: number;
  readonly #conditions: Conditions;

  constructor(
    private readonly program: Program,
    private readonly dataset: Dataset,
    model: Pick<VaeModel, 'kind' | 'latentDim'>,
    /** Runs work between two training steps. */
    private readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>,
    private readonly prior: RunPrior,
  ) {
    this.#latentDim = model.latentDim;
    this.#conditions = new Conditions(model, dataset);
  }

  #strip(values: Float32Array, count: number): ImageStrip { return picturesOf(values, count, this.dataset.imageShape); }
  #batch(indices: readonly number[]) { return this.dataset.batch(this.dataset.heldOut.split, indices); }
  #decode(z: Float32Array, count: number, rows: Float32Array | undefined): Promise<ImageStrip> {
    return this.exclusive(async () => this.#strip(await this.program.decode(z, count, rows), count));
  }

  /** `label`: the class of all of them, where the model is conditional. */
  async decode(z: Float32Array, label?: number): Promise<ImageStrip> {
    if (z.length === 0 || z.length % this.#latentDim !== 0) throw new RangeError(`z holds ${z.length} values; give a multiple of ${this.#latentDim}.`);
    const count = z.length / this.#latentDim;
    return this.#decode(z, count, this.#conditions.rows(count, () => label));
  }
  /** `labels`: the class of each, where the model is conditional; the classes in turn where nobody says. */
  async sample(count: number, seed: number, labels?: readonly number[]): Promise<ImageStrip> {
    return this.#decode(await this.prior.draw(count, seed), count, this.#conditions.rows(count, (i) => labels?.[i] ?? i % (this.#conditions.classes ?? 1)));
  }

  async encode(indices: readonly number[]) {
    const batch = this.#batch(indices);
    const { mean, logVariance } = await this.exclusive(() => this.program.encode(batch));
    return { originals: this.#strip(batch.data, batch.count), means: mean, logVariances: logVariance };
  }
  async reconstruct(indices: readonly number[]) {
    const { originals, means } = await this.encode(indices);
    const { labels } = this.#batch(indices);
    return { originals, reconstructions: await this.#decode(means, indices.length, this.#conditions.rows(indices.length, (i) => labels?.[i])) };
  }
  /** Where the model is conditional, the class goes over from one to the other too. */
  async interpolate(from: number, to: number, steps: number): Promise<ImageStrip> {
    const { means } = await this.encode([from, to]);
    const { labels } = this.#batch([from, to]);
    return this.#decode(pathThrough(means, this.#latentDim, steps, 'line'), steps, this.#conditions.between(labels?.[0], labels?.[1], steps));
  }
  async images(step: number, seed = FIXED_Z_SEED): Promise<RunImages> {
    const shown = Array.from({ length: Math.min(SHOWN_EXAMPLES, this.dataset.heldOut.count) }, (_, i) => i);
    return { step, ...(await this.reconstruct(shown)), samples: await this.sample(SHOWN_SAMPLES, seed) };
  }
}

/** Calls on what a person looks at, whichever host serves it; `giveWay` hears for how long what is looked at comes first. */
export function viewHandlers(views: () => Views, giveWay: (ms: number) => void = () => undefined): Pick<HostHandlers, 'sample' | 'decode' | 'giveWay' | 'encode' | 'reconstruct' | 'interpolate'> {
  return {
    sample: async ({ count, seed, labels }) => views().sample(count, seed, labels),
    decode: async ({ z, label, quiet }) => {
      if (!quiet) giveWay(DRAG_REST_MS);
      return views().decode(z, label);
    },
    giveWay: ({ ms }) => { giveWay(ms); return Promise.resolve({}); },
    encode: async ({ indices }) => views().encode(indices),
    reconstruct: async ({ indices }) => views().reconstruct(indices),
    interpolate: async ({ from, to, steps }) => views().interpolate(from, to, steps),
  };
}
