import { InOrder } from '../../files/inOrder';
import type { Dataset } from '../datasets/index';
import type { NonFinite, Program, StepParts } from '../engines/engine';
import type { MetricPoint } from '../../protocol/run';
import { checkHyperparameter, type HyperparameterSpecs, type HyperparameterValues } from '../../spec/hyperparameters';
import type { Schedule } from '../../vae/schedules';
import { ExplosionWatch, NonFiniteGradientError, NonFiniteLossError, type StepGiven } from './divergence';
import { Feed } from './feed';
import { layerNorms } from './layerNorms';
import { Random, type RandomState } from './random';
import { Schedules, type SchedulesState } from './schedules';

/** What a checkpoint holds besides the program's tensors; plain JSON. */
export interface TrainerState {
  readonly step: number;
  readonly seconds: number;
  readonly hyperparameters: HyperparameterValues;
  /** Shuffling, as it was when the current epoch's order was drawn. */
  readonly shuffle: RandomState;
  /** The noise of the latents, and what is drawn of the pictures. */
  readonly feed: Feed['state'];
  /** Absent in checkpoints from before there were schedules. */
  readonly schedules?: SchedulesState;
  /** The hyperparameters that followed a schedule at some step, where any did. */
  readonly scheduled?: readonly string[] | undefined;
  /** What the loss came to at first, by which one that explodes is known; absent before the first step, and in earlier checkpoints. */
  readonly firstLoss?: number | undefined;
  /** How often the model was changed before, where it was. */
  readonly revision?: number | undefined;
  /** The step since which losses can be compared: the weights of their parts are the same. Absent: all can be. */
  readonly comparableSince?: number | undefined;
}
export interface TrainerOptions {
  readonly program: Program;
  readonly dataset: Dataset;
  readonly latentDim: number;
  /** Draws from the posterior an example; default 1. */
  readonly samples?: number;
  readonly training: { readonly epochs: number; readonly batchSize: number; readonly seed: number };
  readonly hyperparameters: HyperparameterValues;
  /** What each may be set to. */
  readonly specs: HyperparameterSpecs;
  /** Of hyperparameters that change over the run by themselves. */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  readonly resumeFrom?: TrainerState;
}
export interface TrainerListener {
  onPoint(point: MetricPoint): void;
  /** Over the whole held-out set. */
  onEpochEnd(point: MetricPoint): void | Promise<void>;
  onStep?(step: number): void | Promise<void>;
}
/** Every so many steps, one fixed held-out batch is evaluated as well. */
const HELD_OUT_EVERY = 10;
/** What an update did to each layer is told of step 1 and of one step in so many, since it takes half a step's time; and not more than so many times a run. */
const LAYERS_EVERY = 50;
const LAYERS_TOLD = 200;
/** Turns of the event loop between steps: one in which a request is read from its socket, one in which it is taken up, one to spare. With fewer it waits a step more. */
const TURNS = 3;
/** Independent generators from one seed. */
const Stream = { shuffle: 1, noise: 2, heldOut: 3 } as const;
const batchSizeOf = ({ training, dataset }: TrainerOptions): number => Math.min(training.batchSize, dataset.trainCount);
const isFinite = ({ loss, parts }: StepParts): boolean => [loss, ...Object.values(parts)].every(Number.isFinite);
/** Whether a loss means something else: the learning rate is no part of it. */
const objectiveDiffers = (a: HyperparameterValues, b: HyperparameterValues): boolean => Object.keys(b).some((name) => name !== 'learningRate' && a[name] !== b[name]);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The training loop. Steps, views (`exclusive`) and evaluations follow one another, never at once. */
export class Trainer {
  readonly stepsPerEpoch: number;
  readonly #options: TrainerOptions;
  readonly #batchSize: number;
  #step = 0;
  #stepping = false;
  #seconds = 0;
  /** Of the last step, and of the next. */
  #values: HyperparameterValues;
  #next: HyperparameterValues;
  #comparableSince: number;
  #shuffle: Random;
  #epochStart: RandomState;
  /** The held-out batch that is evaluated again and again. */
  #first: Pick<StepGiven, 'batch' | 'noise'> | undefined;
  readonly #feed: Feed;
  readonly #schedules: Schedules;
  /** Those whose values are told with each step. */
  readonly #told: ReadonlySet<string>;
  readonly #explosion: ExplosionWatch;
  #order: Uint32Array = new Uint32Array(0);
  #paused = false;
  #stopped = false;
  #wake: (() => void) | undefined;
  readonly #work = new InOrder();
  #atRest: { readonly work: () => Promise<void>; readonly refuse: (error: Error) => void }[] = [];
  #ended = false;

  private constructor(options: TrainerOptions, feed: Feed) {
    const { dataset, training, resumeFrom } = options;
    this.#options = options;
    this.#batchSize = batchSizeOf(options);
    this.stepsPerEpoch = Math.floor(dataset.trainCount / this.#batchSize); // the last partial batch is dropped
    this.#values = this.#next = { ...(resumeFrom?.hyperparameters ?? options.hyperparameters) };
    this.#comparableSince = resumeFrom?.comparableSince ?? 0;
    this.#shuffle = resumeFrom ? Random.from(resumeFrom.shuffle) : new Random(training.seed, Stream.shuffle);
    this.#feed = feed;
    this.#schedules = new Schedules(options.schedules ?? {}, resumeFrom?.schedules);
    this.#told = new Set([...resumeFrom?.scheduled ?? [], ...this.#schedules.names]);
    this.#explosion = new ExplosionWatch(resumeFrom?.firstLoss);
    if (resumeFrom) feed.state = resumeFrom.feed;
    this.#epochStart = this.#shuffle.state;
    this.#step = resumeFrom?.step ?? 0;
    this.#seconds = resumeFrom?.seconds ?? 0;
    if (this.#step % this.stepsPerEpoch !== 0) this.#order = this.#drawOrder();
  }

  /** A loop at its first step, or where `resumeFrom` left off. */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const { dataset, latentDim, samples = 1, training } = options;
    return new Trainer(options, await Feed.create(dataset, batchSizeOf(options), samples * latentDim, training.seed, Stream.noise));
  }

  get step(): number { return this.#step; }
  get revision(): number { return this.#options.resumeFrom?.revision ?? 0; }
  get hyperparameters(): HyperparameterValues { return { ...this.#next }; }
  /** The first step of those whose losses can be compared with the last one's. */
  get comparableSince(): number { return this.#comparableSince; }
  get paused(): boolean { return this.#paused; }
  get totalSteps(): number { return this.stepsPerEpoch * this.#options.training.epochs; }

  pause(): void { this.#paused = true; }
  resume(): void {
    this.#paused = false;
    this.#wake?.();
  }
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** Whether a hyperparameter changes by itself; setting it ends that. */
  isScheduled(name: string): boolean { return this.following.includes(name); }
  /** The hyperparameters that do. */
  get following(): string[] { return this.#schedules.names; }

  /** The step from which the value holds. @throws RangeError with a sentence. */
  setHyperparameter(name: string, value: number): number {
    const wrong = checkHyperparameter(this.#options.specs, name, value);
    if (wrong !== undefined) throw new RangeError(wrong);
    this.#schedules.end(name);
    this.#next = { ...this.#next, [name]: value };
    return this.#step + (this.#stepping ? 2 : 1);
  }

  /** True to the program's weights only between steps: call it in a listener, in `exclusive`, or when `run` has ended. */
  getState(): TrainerState {
    const comparableSince = objectiveDiffers(this.#values, this.#next) ? this.#step + 1 : this.#comparableSince;
    return { step: this.#step, seconds: this.#seconds, hyperparameters: this.hyperparameters, shuffle: this.#epochStart, feed: this.#feed.state, schedules: this.#schedules.state, firstLoss: this.#explosion.first, ...(this.revision > 0 ? { revision: this.revision } : {}), ...(comparableSince > 0 ? { comparableSince } : {}), ...(this.#told.size > 0 ? { scheduled: [...this.#told] } : {}) };
  }

  /** Runs work on the program between two steps; also while paused and after the end. */
  exclusive<T>(work: () => Promise<T>): Promise<T> { return this.#work.do(work); }

  /** Does work when all that belongs to a step is done: what its listener does, held-out losses, the end of its epoch; also while paused. Rejects where training ends before. */
  atRest<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, refuse) => {
      this.#atRest.push({ work: () => work().then(resolve, refuse), refuse });
      if (this.#ended) this.#refuseWork();
      this.#wake?.();
    });
  }
  async #rest(): Promise<void> {
    for (let next = this.#atRest.shift(); next; next = this.#atRest.shift()) await next.work();
  }
  #refuseWork(): void {
    for (const { refuse } of this.#atRest.splice(0)) refuse(new Error('Training ended before.'));
  }

  /** Trains until the last epoch ends or `stop` is called. @throws DivergedError */
  async run(listener: TrainerListener): Promise<'completed' | 'stopped'> {
    try {
      return await this.#run(listener);
    } finally {
      this.#ended = true;
      this.#refuseWork();
    }
  }
  async #run(listener: TrainerListener): Promise<'completed' | 'stopped'> {
    while (this.#step < this.totalSteps) {
      await this.#yield();
      await this.#rest();
      while (this.#paused && !this.#stopped) {
        await new Promise<void>((resolve) => { this.#wake = resolve; });
        await this.#rest();
      }
      if (this.#stopped) return 'stopped';
      listener.onPoint(await this.exclusive(() => this.#trainOne()));
      if (this.#step === 1 || this.#step % HELD_OUT_EVERY === 0) {
        await this.#yield();
        listener.onPoint(await this.exclusive(async () => this.#point('test', await this.#evaluate(0, Math.min(this.#batchSize, this.#options.dataset.heldOut.count)))));
      }
      await listener.onStep?.(this.#step);
      if (this.#step % this.stepsPerEpoch === 0) {
        const point = await this.evaluateHeldOut();
        this.#schedules.afterEpoch(point.loss, this.#comparableSince > this.#step - this.stepsPerEpoch);
        await listener.onEpochEnd(point);
      }
    }
    return 'completed';
  }

  /** Requests are served between steps. */
  async #yield(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => { setImmediate(resolve); });
  }

  /** The order of an epoch's examples. */
  #drawOrder(): Uint32Array { return this.#feed.shuffles ? this.#shuffle.permutation(this.#options.dataset.trainCount) : new Uint32Array(0); }

  async #trainOne(): Promise<MetricPoint> {
    const { program } = this.#options;
    const began = performance.now();
    const position = this.#step % this.stepsPerEpoch;
    if (position === 0) {
      this.#epochStart = this.#shuffle.state;
      this.#order = this.#drawOrder();
    }
    const of = (step: number): Uint32Array => this.#order.subarray(step * this.#batchSize, (step + 1) * this.#batchSize);
    this.#next = { ...this.#next, ...this.#schedules.valuesAt({ step: this.#step, totalSteps: this.totalSteps, stepsPerEpoch: this.stepsPerEpoch }) };
    if (objectiveDiffers(this.#values, this.#next)) this.#comparableSince = this.#step + 1;
    const values = this.#values = this.#next; // held-out losses of a step have the step's own
    this.#stepping = true;
    const epoch = Math.floor(this.#step / this.stepsPerEpoch) + 1;
    const batch = await this.#feed.next({ epoch, from: position * this.#batchSize, indices: of(position), ahead: position + 1 < this.stepsPerEpoch ? of(position + 1) : undefined });
    const noise = this.#feed.noise();
    const { gradientNorm, weights, ...parts } = await program.step(batch, noise, values, this.#tellsLayers);
    const layers = weights && layerNorms(weights);
    this.#stepping = false;
    this.#step++;
    const given: StepGiven = { batch, noise, values, split: 'train' };
    if (!isFinite(parts)) throw new NonFiniteLossError(this.#step, given, parts, await this.#find(() => program.findNonFinite(batch, noise, values, true)));
    this.#explosion.check(this.#step, given, parts);
    if (!Number.isFinite(gradientNorm)) throw new NonFiniteGradientError(this.#step, given, parts, await this.#find(() => program.findNonFinite(batch, noise, values, true)));
    // Read after the step, so that getState between epochs redraws the same order.
    if (this.#step % this.stepsPerEpoch === 0) this.#epochStart = this.#shuffle.state;
    this.#seconds += (performance.now() - began) / 1000;
    return {
      ...this.#point('train', parts), gradientNorm, ...(layers ? { layers } : {}), ...(this.#told.size > 0 ? { scheduled: Object.fromEntries(Object.entries(values).filter(([name]) => this.#told.has(name))) } : {}),
    };
  }
  /** Whether the next step does. */
  get #tellsLayers(): boolean { return this.#step === 0 || (this.#step + 1) % Math.max(LAYERS_EVERY, Math.ceil(this.totalSteps / LAYERS_TOLD)) === 0; }

  #given(from: number, to: number): Pick<StepGiven, 'batch' | 'noise'> {
    const { dataset, latentDim, samples = 1, training } = this.#options;
    return { batch: dataset.batch(dataset.heldOut.split, range(from, to)), noise: new Random(training.seed + from, Stream.heldOut).normals((to - from) * samples * latentDim) };
  }

  /** Noise of its own, so that evaluating never changes the run, and the same each time, so that curves compare. */
  async #evaluate(from: number, to: number): Promise<StepParts> {
    const { program } = this.#options;
    const [{ batch, noise }, values] = [from === 0 ? this.#first ??= this.#given(from, to) : this.#given(from, to), this.#values];
    const parts = await program.evaluate(batch, noise, values);
    if (!isFinite(parts)) throw new NonFiniteLossError(this.#step, { batch, noise, values, split: 'test' }, parts, await this.#find(() => program.findNonFinite(batch, noise, values, false)));
    return parts;
  }

  /** Never rejects: what is known already must be said. */
  #find(search: () => Promise<NonFinite | undefined>): Promise<NonFinite | undefined> {
    return search().catch((error: unknown) => { console.error(error); return undefined; });
  }

  /** Mean over the whole held-out set. Other work may come between its batches. */
  async evaluateHeldOut(): Promise<MetricPoint> {
    const { count } = this.#options.dataset.heldOut;
    let loss = 0;
    const sums: Record<string, number> = {};
    for (let from = 0; from < count; from += this.#batchSize) {
      const to = Math.min(from + this.#batchSize, count);
      const evaluated = await this.exclusive(() => this.#evaluate(from, to));
      const share = (to - from) / count;
      loss += evaluated.loss * share;
      for (const [name, part] of Object.entries(evaluated.parts)) sums[name] = (sums[name] ?? 0) + part * share;
      await this.#yield();
    }
    return { ...this.#point('test', { loss, parts: sums }), wholeSet: true };
  }

  /** Every number that leaves is finite: JSON has no other. */
  #point(split: 'train' | 'test', parts: StepParts): MetricPoint {
    return { step: this.#step, epoch: Math.ceil(this.#step / this.stepsPerEpoch), split, seconds: this.#seconds, ...parts };
  }
}
