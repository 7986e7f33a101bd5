import { klOf, type PriorShape } from '../latent/prior';
import type { RunImages } from '../protocol/hostApi';
import { RECORDED_EXAMPLES, type Moment } from '../protocol/moments';
import type { Moments } from '../runs/moments';
import type { Dataset } from './datasets/index';
import type { Views } from './views';

/** A run is recorded at this many steps at most, and where its pictures are large at fewer: this many bytes before they are compressed. */
const MOST = 200;
const MOST_BYTES = 64 * 2 ** 20;
/** And for at most this part of the time. */
const SHARE = 0.02;

interface RecorderOptions {
  readonly moments: Pick<Moments, 'write'>;
  readonly views: Pick<Views, 'images' | 'encode'> & { readonly prior: () => Promise<PriorShape> };
  readonly dataset: Pick<Dataset, 'heldOut' | 'labels' | 'imageShape'>;
  readonly latentDim: number;
  readonly totalSteps: number;
  /** Steps that are recorded already, where a run goes on. */
  readonly known: readonly Moment[];
  onMoment(moment: Moment): void;
  /** Milliseconds. */
  now?(): number;
}

/** Records what a run looks like while it trains: at steps 1, 2, 4, 8 and so on, where most happens, then evenly up to its end. */
export class Recorder {
  readonly #every: number;
  readonly #indices: readonly number[];
  readonly #labels: readonly number[] | undefined;
  #recorded: number;
  #next: number;
  #notBefore = -Infinity;
  #warm = false;

  constructor(private readonly options: RecorderOptions) {
    const { dataset: { heldOut, imageShape }, latentDim, totalSteps, known } = options;
    this.#indices = Array.from({ length: Math.min(RECORDED_EXAMPLES, heldOut.count) }, (_, i) => i);
    const bytes = 24 * imageShape.reduce((size, side) => size * side, 1) + 4 * latentDim * this.#indices.length;
    this.#every = Math.max(1, Math.ceil(totalSteps / Math.max(2, Math.min(MOST, Math.floor(MOST_BYTES / bytes)))));
    this.#recorded = known.at(-1)?.step ?? 0;
    this.#next = this.#after(this.#recorded);
    this.#labels = labelsOf(options.dataset, this.#indices);
  }

  /** Call it between steps. */
  async afterStep(step: number, seconds: () => number): Promise<void> {
    if (step < this.#next || this.#now() < this.#notBefore) return;
    await this.record(step, seconds());
  }

  /** Records this step, if it is not. A disk that takes no more leaves the run without. */
  async record(step: number, seconds: number): Promise<void> {
    if (step === this.#recorded || step === 0) return;
    const began = this.#now();
    this.#recorded = step;
    this.#next = this.#after(step);
    const { views, moments, latentDim, onMoment } = this.options;
    const { originals, reconstructions, samples }: RunImages = await views.images(step);
    const { means, logVariances } = await views.encode(this.#indices);
    const prior = await views.prior();
    const klNats = logVariances.every((value) => value === -Infinity) ? [] : Array.from(klOf(prior, means, logVariances, latentDim) ?? []); // of points there is none, and of some priors only one of all dimensions
    if (klNats.every(Number.isFinite)) {
      const moment = { step, seconds, klNats };
      await moments.write(moment, { originals, reconstructions, samples, means, latentDim, ...(this.#labels ? { labels: [...this.#labels] } : {}) }).then(() => { onMoment(moment); }, (error: unknown) => { console.error(error); });
    }
    const ended = this.#now();
    if (this.#warm) this.#notBefore = ended + (ended - began) / SHARE; // the first time an engine compiles what it encodes and decodes with
    this.#warm = true;
  }

  #after(step: number): number { return step + Math.min(this.#every, Math.max(1, step)); }
  #now(): number { return this.options.now?.() ?? performance.now(); }
}

/** Undefined where these examples have none. */
function labelsOf(dataset: RecorderOptions['dataset'], indices: readonly number[]): readonly number[] | undefined {
  try {
    const labels = dataset.labels?.(dataset.heldOut.split, indices);
    return labels && Array.from(labels);
  } catch {
    return undefined;
  }
}
