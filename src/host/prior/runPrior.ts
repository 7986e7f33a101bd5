import assert from 'node:assert';
import { createHash } from 'node:crypto';
import type { Learning as Told } from '../../protocol/hostApi';
import type { LearnedPrior, Manifest } from '../../protocol/run';
import { CodePriorFile } from '../../runs/codePriorFile';
import type { VaeModel } from '../../vae/model';
import { codebookRows } from '../../vae/objectives/index';
import type { Dataset } from '../datasets/index';
import type { Encoded, Program } from '../engines/index';
import { priorChoices, priorSamples } from '../latent/index';
import { CodePrior } from './codePrior';
import { drawGrids } from './draw';
import { heldOutGrids, trainingGrids } from './gridsOfData';
import { batchSizeOf, learnPrior } from './learn';
import type { CodeGrid } from './pixelCnn';

/** Held-out examples that the prior is measured on. */
const MEASURED = 2048;
const TELL_EVERY_MS = 100;
/** Of the time, roughly, that is spent on encoding the data. */
const ENCODING_SHARE = 0.2;

export interface RunPriorOptions {
  readonly program: Program;
  readonly dataset: Dataset;
  readonly model: VaeModel;
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly dir: string;
  readonly seed: number;
  readonly step: () => number;
  readonly tell: (learning: Told | undefined) => void;
}
/** Somebody ended it. */
export class CancelledError extends Error {}
type Facts = Pick<Manifest['prior'], 'learns' | 'learned' | 'outdated'>;

/** What samples of a run are drawn from: its model's prior; of a VQ-VAE that is trained the one that is learned over its codes, once it is. */
export class RunPrior {
  readonly #file: CodePriorFile;
  #prior: CodePrior | undefined;
  #codebook: { readonly step: number; readonly rows: Float32Array } | undefined;
  #learned: LearnedPrior | undefined;
  #left: number | undefined;
  #cancel: AbortController | undefined;
  #telling: Told | undefined;
  private constructor(private readonly options: RunPriorOptions) { this.#file = new CodePriorFile(options.dir); }

  /** How far learning is; absent where nothing is learned now. */
  get learning(): Told | undefined { return this.#telling; }
  /** What a person should know of it. */
  get facts(): Facts {
    if (!this.learns) return {};
    const outdated = this.codePrior ? undefined : this.#learned?.step ?? this.#left;
    return { learns: true, ...(this.codePrior && this.#learned ? { learned: this.#learned } : {}), ...(outdated === undefined ? {} : { outdated }) };
  }
  /** What to know of it while the model goes on to train, and leaves what was learned behind. */
  get whileTraining(): { readonly facts: Facts } { return { facts: this.learns ? { learns: true } : {} }; }
  /** The one that was learned of the model as it is now. */
  get codePrior(): CodePrior | undefined { return this.#learned?.step === this.options.step() ? this.#prior : undefined; }
  get #grid(): CodeGrid | undefined {
    const { grid, objective } = this.options.model;
    return grid && objective.kind === 'vectorQuantization' ? { rows: grid[0], columns: grid[1], codes: objective.codes } : undefined;
  }
  get learns(): boolean { return this.#grid !== undefined && this.options.model.prior.kind === 'codebook' && this.options.model.prior.autoregressive !== undefined; }

  /** With what was learned of these very weights; what was learned of others is said to be outdated. */
  static async open(options: RunPriorOptions): Promise<RunPrior> {
    const prior = new RunPrior(options);
    await prior.#read().catch((error: unknown) => { console.error(error); }); // codes can be drawn each by itself
    return prior;
  }
  async #read(): Promise<void> {
    const { model: { prior } } = this.options;
    if (!this.learns || !this.#grid || prior.kind !== 'codebook' || !prior.autoregressive) return;
    const stored = await this.#file.read();
    if (!stored) return;
    if (stored.of !== await this.#weightsHash()) {
      this.#left = stored.learned.step;
      return;
    }
    const made = await CodePrior.build(this.#grid, prior.autoregressive, stored.learned.seed);
    try {
      made.setState(stored.tensors);
    } catch (error) { // of other options
      made.dispose();
      console.error(error);
      return;
    }
    this.#take(made, stored.learned);
  }

  #take(prior: CodePrior, learned: LearnedPrior): void {
    [this.#prior, this.#learned] = [prior, learned]; // somebody may still draw from the one before
  }

  cancel(): void { this.#cancel?.abort(); }

  /** Learns the prior of the model as it is, and keeps it. @throws Error in a sentence */
  async learn(): Promise<LearnedPrior> {
    const { program, dataset, model: { prior: of }, exclusive, seed, step, tell: broadcast } = this.options;
    const grid = this.#grid;
    if (!grid) throw new Error('Only the codes of vqVae() have a prior that is learned after the model.');
    if (of.kind !== 'codebook' || !of.autoregressive) throw new Error('The model says prior: false, so that none is learned. Take that out, and train it again.');
    if (this.#cancel) throw new Error('The prior of this run is being learned already.');
    const { signal } = this.#cancel = new AbortController();
    const options = of.autoregressive;
    const began = performance.now();
    const tell = (now: Told | undefined): void => {
      this.#telling = now;
      broadcast(now);
    };
    let told = -Infinity;
    const onProgress = (what: string, fraction: number, nats?: number): void => {
      if (performance.now() - told < TELL_EVERY_MS) return;
      told = performance.now();
      tell({ what, fraction, ...(nats === undefined ? {} : { nats }), codes: grid.codes });
    };
    const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
      await new Promise<void>((resolve) => { setImmediate(resolve); }); // what is compiled never waits: requests are read here
      return exclusive(() => {
        if (signal.aborted) throw new CancelledError('Learning the prior was cancelled.');
        return work();
      });
    };
    try {
      const places = grid.rows * grid.columns;
      const given = { program, dataset, places, exclusive: guarded, onProgress: (fraction: number) => { onProgress('Encoding the data', fraction * ENCODING_SHARE); } };
      const wanted = options.steps * batchSizeOf(grid, options, dataset.trainCount);
      const training = await trainingGrids(given, Math.min(dataset.trainCount, wanted), seed);
      const heldOut = await heldOutGrids({ ...given, onProgress: () => undefined }, Math.min(dataset.heldOut.count, MEASURED));
      const { prior, nats, independentNats } = await learnPrior({
        grid, options, seed, training, heldOut, exclusive: guarded,
        onStep: (done, now) => { onProgress('Learning the prior over the codes', ENCODING_SHARE + (1 - ENCODING_SHARE) * done / options.steps, now); },
      });
      const learned: LearnedPrior = { step: step(), codes: grid.codes, places, steps: options.steps, seed, nats, independentNats, examples: heldOut.count, seconds: (performance.now() - began) / 1000 };
      await exclusive(async () => {
        this.#take(prior, learned);
        await this.#file.write({ of: await this.#weightsHash(), learned, tensors: prior.getState() }).catch((error: unknown) => { console.error(error); }); // it holds while this host lives
      });
      return learned;
    } finally {
      this.#cancel = undefined;
      tell(undefined);
    }
  }

  /** z of `count` draws, [count, latentDim]. Same seed, same draws. */
  async draw(count: number, seed: number, exclusive = this.options.exclusive): Promise<Float32Array> {
    const { program, model: { latentDim } } = this.options;
    const prior = this.codePrior;
    if (!prior) return exclusive(() => program.drawPrior(priorSamples(count, latentDim, seed), priorChoices(count, seed), count));
    const yielding = async <T>(work: () => Promise<T>): Promise<T> => {
      await new Promise<void>((resolve) => { setImmediate(resolve); });
      return exclusive(work);
    };
    return this.vectorsOf(await drawGrids(prior, count, seed, yielding));
  }

  /** The entries of the codebook as z, of indices [count, places]. */
  async vectorsOf(indices: Float32Array): Promise<Float32Array> {
    const step = this.options.step();
    if (this.#codebook?.step !== step) this.#codebook = { step, rows: await this.options.exclusive(() => this.#readCodebook()) };
    const codebook = this.#codebook.rows;
    const codeDim = codebook.length / (this.#grid?.codes ?? 1);
    const z = new Float32Array(indices.length * codeDim);
    indices.forEach((index, i) => { z.set(codebook.subarray(index * codeDim, (index + 1) * codeDim), i * codeDim); });
    return z;
  }

  /** -log p of the codes of each example, [count], nats, where a prior is learned. */
  async natsOf({ indices }: Encoded, count: number): Promise<Float32Array | undefined> { return indices && this.codePrior?.nats(indices, count); }

  async #readCodebook(): Promise<Float32Array> {
    const state = await this.options.program.getState();
    const dataOf = (wanted: string): Float32Array => {
      const found = state.find(({ name }) => name === wanted);
      assert(found, `The program has no ${wanted}.`);
      return found.data;
    };
    return codebookRows(dataOf('objective/counts'), dataOf('objective/sums'));
  }

  /** SHA-256 of the model's weights, codebook included. */
  async #weightsHash(): Promise<string> {
    const hash = createHash('sha256');
    for (const { name, shape, data } of await this.options.program.getState()) {
      if (name.startsWith('optimizer/')) continue;
      hash.update(`${name} ${shape.join()}\n`);
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    return hash.digest('hex');
  }
}
