import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { HostHandlers } from '../protocol/rpc';
import { isLive, type DataSummary, type Gate, type Manifest, type Mark, type MetricPoint, type RunError, type RunState } from '../protocol/run';
import type { RunImages, Speed } from '../protocol/hostApi';
import { RunItems } from '../runs/items';
import { registerRun } from '../runs/registry';
import { RunDirectory } from '../runs/runDirectory';
import { engineNames, isEngineName } from '../spec/engines';
import { checkHyperparameter } from '../spec/hyperparameters';
import { firstValues, hyperparametersOf, schedulesOf, specsOf } from '../vae/hyperparameters';
import type { VaeModel } from '../vae/model';
import { samplesOf } from '../vae/objectives/index';
import { priorEntry } from '../vae/priors/index';
import { factsOf, loadDataset, type Dataset } from './datasets/index';
import { buildProgram, EngineError, EngineLostError, UnsupportedModelError, type EngineName, type Program, type Way } from './engines/index';
import { runChecked } from './checkedTraining';
import { beginCheck, WrongGradientsError } from './gradientCheck';
import { discarded, lastSaved, resumedFrom, type LeftOff } from './handOver';
import { HyperparameterError } from './hyperparameterError';
import { latentHandlers } from './latent/handlers';
import { LatentViews } from './latent/latentViews';
import type { OracleOptions } from './oracleProcess';
import { loadModel } from './loadModel';
import { watchLoading } from './loadWatchdog';
import { describeError } from './runError';
import type { TrainerHostOptions } from './options';
import { HostServer } from './server';
import { NonFiniteLossError, Trainer, type TrainerOptions, type TrainerState } from './training/index';
import { Views } from './views';
import type { Schedule } from '../vae/schedules';

const METRICS_EVERY_MS = 100;
const IMAGES_EVERY_MS = 1000;
/** While a person drags through the latent space, what they drag comes first: pictures and curves wait until the hand rests, but not longer than this. */
const DRAG_REST_MS = 300;
const AT_LEAST_MS = 5000;
/** And training stands back after each step, for the frame in which the picture is drawn: all cores are the step's otherwise. */
const DRAG_PAUSE_MS = 16;
/** A checkpoint is written after an epoch, but not more often than this; the end of a run always is. */
const SAVE_EVERY_MS = 5000;
const LOAD_LIMIT_MS = 30_000;
const BUILD_LIMIT_MS = 120_000;
const SLOW_BUILD_LIMIT_MS = 30 * 60_000;

function priorInWords({ prior }: VaeModel): Manifest['prior'] {
  const entry = priorEntry(prior);
  const [low, high] = entry.range(prior);
  return { kind: prior.kind, kl: entry.kl ? 'closed' : 'monteCarlo', range: [low, high] };
}

/** What a run trains, once the model file and the data are read. */
interface Work extends Pick<TrainerOptions, 'training' | 'hyperparameters' | 'specs'> {
  readonly engine: EngineName;
  readonly model: VaeModel;
  readonly dataset: Dataset;
  readonly data: Promise<DataSummary>;
  readonly schedules: Readonly<Record<string, Schedule>>;
}
/** How training begins on an engine: without those refused, each with a sentence why, and from where another left off. */
interface Start { readonly refused: ReadonlyMap<Way, string>; readonly from?: LeftOff; readonly hyperparameters?: Work['hyperparameters']; /** Those that no hand has set. */ readonly followed?: TrainerState['schedules']; readonly paused?: boolean }
interface Begun { readonly engine: EngineName; readonly way: Way; readonly program: Program; readonly trainer: Trainer; readonly gate?: Promise<Gate> }

/** Looking whether a step has changed takes at most this part of the time: epochs of a small model are shorter than it. */
const RENEW_SHARE = 0.05;
const CHANGED = { unchecked: 'The training step changed while it trained.' };

/** One training run: prepares, trains, answers, and writes the run directory. */
export class TrainingSession {
  #manifest: Manifest;
  readonly #directory: RunDirectory;
  readonly #server: HostServer;
  readonly #metrics: MetricPoint[] = [];
  readonly #marks: Mark[] = [];
  #pending: MetricPoint[] = [];
  #images: RunImages | undefined;
  #imagesAt = 0;
  #decodedAt = -Infinity;
  #savedAt = -Infinity;
  #speed: Speed | undefined;
  #flushedAt = 0;
  #trainer: Trainer | undefined;
  #views: Views | undefined;
  #latent: LatentViews | undefined;
  /** Its gradients are right, as far as anybody can tell: until that is known nothing of it is kept. */
  #trusted = true;
  #checking = new AbortController();
  #renewAt = 0;
  /** The person's code does something else in this process than in an oracle's. */
  #changed = false;
  #saveCheckpoint: () => Promise<void> = () => Promise.resolve();
  #ending: 'stopped' | 'interrupted' = 'stopped';
  readonly #cancel = new AbortController();

  private constructor(private readonly options: TrainerHostOptions, private readonly host: Omit<OracleOptions, 'signal'>, directory: RunDirectory, manifest: Manifest) {
    this.#directory = directory;
    this.#manifest = manifest;
    this.#server = new HostServer(options.runId, options.dir, 'trainer', this.#handlers());
  }

  /** Makes the run directory and listens; the run is then `preparing`. `host` is what runs this very program, for an oracle beside it. */
  static async open(options: TrainerHostOptions, host: Omit<OracleOptions, 'signal'>): Promise<TrainingSession> {
    const now = new Date().toISOString();
    const source = await readFile(options.modelFile, 'utf8').catch(() => '');
    const manifest: Manifest = {
      schemaVersion: 1, id: options.runId, modelFile: options.modelFile, modelName: options.modelName ?? '', source, createdAt: now, engine: options.engine, device: '',
      seed: options.seed ?? 1, epochs: options.epochs ?? 1, batchSize: 1, stepsPerEpoch: 0, latentDim: 0, imageShape: [0, 0, 0], testCount: 0, hyperparameters: {}, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] },
      host: { pid: process.pid, startedAt: now, node: process.version }, state: { kind: 'preparing', what: 'Loading the model file' }, lastStep: 0,
    };
    const session = new TrainingSession(options, host, await RunDirectory.create(options.dir), manifest);
    await session.#directory.writeManifest(manifest);
    await registerRun(options.runId, options.dir);
    await session.#server.listen();
    return session;
  }

  /** Trains to the end, whatever the end is. */
  async run(): Promise<RunState> {
    try {
      const work = await this.#prepare();
      let ended: 'completed' | 'stopped' | undefined;
      for (let start: Start = { refused: new Map() }; !ended;) {
        const begun = await this.#begin(work, start);
        ended = await this.#train(begun).catch(async (error: unknown) => {
          start = await this.#goOn(error, begun, start);
          return undefined;
        });
      }
      this.#flush();
      await this.#showImages(true);
      await this.#saveCheckpoint();
      await this.#setState({ kind: ended === 'completed' ? 'completed' : this.#ending });
    } catch (error) {
      this.#flush();
      if (this.#trainer && this.#trusted && !(error instanceof NonFiniteLossError)) await this.#saveCheckpoint().catch((reason: unknown) => { console.error(reason); }); // the weights are as they were after the last step
      await this.#setState(this.#cancel.signal.aborted ? { kind: this.#ending } : { kind: 'failed', error: describeError(error, this.options, this.#trainer !== undefined) });
    }
    return this.#manifest.state;
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#directory.close();
  }

  /** Told to end: nobody is waited for. */
  get leaving(): boolean { return this.#ending === 'interrupted'; }

  /** Ends a live run after the current step, as after a signal. */
  interrupt(): void {
    this.#ending = 'interrupted';
    this.#cancel.abort();
    this.#stop();
  }

  #stop(): void {
    this.#trainer?.stop();
    this.#checking.abort();
  }

  async #prepare(): Promise<Work> {
    const { options } = this;
    const engineName = options.engine;
    if (!isEngineName(engineName)) throw new EngineError(`There is no engine "${engineName}". Known: ${engineNames.join(', ')}.`);
    const { name, model } = await this.#watched('The model file did not finish loading within {0} s. Look for a loop that never ends.', LOAD_LIMIT_MS, () => loadModel(options.modelFile, options.modelName));
    const training = { ...model.training, epochs: options.epochs ?? model.training.epochs, seed: options.seed ?? model.training.seed };
    const live = hyperparametersOf(model);
    const specs = specsOf(live);
    for (const [key, value] of Object.entries(options.set)) {
      const wrong = checkHyperparameter(specs, key, value);
      if (wrong !== undefined) throw new HyperparameterError(wrong);
    }
    this.#manifest = { ...this.#manifest, modelName: name };
    const dataset = await loadDataset(model.data, {
      dataFolder: options.dataFolder, mirrors: options.dataMirrors, baseFolder: path.dirname(options.modelFile), signal: this.#cancel.signal,
      onProgress: (what, fraction) => { void this.#setState({ kind: 'preparing', what, ...(fraction === undefined ? {} : { fraction }) }, false); },
    });
    const fitted = { ...model, training: { ...model.training, batchSize: Math.min(training.batchSize, dataset.trainCount) } }; // else a step is compiled that never comes
    const data = dataset.summary(); // hashed in a thread of its own, while the model is built
    data.catch(() => undefined); // said when it is needed
    const stepsPerEpoch = Math.floor(dataset.trainCount / fitted.training.batchSize);
    const hyperparameters = { ...firstValues(live, stepsPerEpoch * training.epochs, stepsPerEpoch), ...options.set };
    const schedules = Object.fromEntries(Object.entries(schedulesOf(live)).filter(([key]) => !(key in options.set)));
    return { engine: engineName, model: fitted, dataset, data, training, hyperparameters, specs, schedules };
  }

  /** Builds the model on an engine, and begins to compare its gradients where they have to be. */
  async #begin({ model, dataset, data, training, specs, ...work }: Work, { refused, from, hyperparameters = work.hyperparameters, followed, paused }: Start): Promise<Begun> {
    await this.#setState({ kind: 'preparing', what: 'Building the model' }, false);
    const { engine, way, program, notice, gated } = await this.#watched('The model was not built within {0} s. Look for a loop that never ends in its encoder or decoder.', BUILD_LIMIT_MS, (allow) => buildProgram(work.engine, model, training.seed, dataset.imageShape, { refused, data: factsOf(dataset), origin: { ...this.host, modelFile: this.#manifest.modelFile, modelName: this.#manifest.modelName, source: this.#manifest.source }, onEngine: ({ slowStart }) => {
      if (slowStart === undefined) return;
      allow(SLOW_BUILD_LIMIT_MS);
      void this.#setState({ kind: 'preparing', what: slowStart }, false);
    } }));
    if (this.#cancel.signal.aborted) throw new Error('cancelled');
    if (from) await program.setState(from.program);
    const schedules = Object.fromEntries(Object.entries(work.schedules).filter(([name]) => !followed || name in followed));
    const trainer = await Trainer.create({ program, dataset, latentDim: model.latentDim, samples: samplesOf(model.objective), training, hyperparameters, specs, schedules, ...(from ? { resumeFrom: from.trainer } : {}) });
    if (paused) trainer.pause();
    this.#trainer = trainer;
    this.#views = new Views(program, dataset, model.latentDim, (work) => trainer.exclusive(work));
    this.#latent = new LatentViews(program, dataset, model, (work) => trainer.exclusive(work), () => trainer.step);
    this.#saveCheckpoint = () => trainer.exclusive(async () => this.#directory.writeCheckpoint({ step: trainer.step, tensors: await program.getState(), trainer: JSON.stringify(trainer.getState()) }));
    this.#manifest = {
      ...this.#manifest, engine: engine.name, device: engine.device, seed: training.seed, epochs: training.epochs, batchSize: training.batchSize, stepsPerEpoch: trainer.stepsPerEpoch,
      latentDim: model.latentDim, imageShape: [...dataset.imageShape], testCount: dataset.heldOut.count, data: await data, hyperparameters: trainer.hyperparameters, hyperparameterSpecs: specs, prior: priorInWords(model), ...(notice ? { engineNotice: notice } : {}), ...(gated && this.#changed ? { gate: CHANGED } : {}),
    };
    const isCompared = gated && !this.#changed;
    this.#trusted = !isCompared;
    this.#server.broadcast('manifest', this.#manifest);
    if (!isCompared) return { engine: work.engine, way, program, trainer };
    const { modelFile, modelName, source } = this.#manifest;
    const { gate } = await beginCheck({
      ...this.host, program, model, imageShape: dataset.imageShape, signal: this.#checking.signal,
      request: { engine: engine.name, modelFile, modelName, source, seed: training.seed, imageShape: [...dataset.imageShape], data: factsOf(dataset) },
    });
    return { engine: work.engine, way, program, trainer, gate };
  }

  async #train({ program, trainer, gate }: Begun): Promise<'completed' | 'stopped'> {
    await this.#setState({ kind: trainer.paused ? 'paused' : 'running' });
    await this.#showImages(true);
    return runChecked(trainer, {
      onPoint: (point) => { this.#record(point); },
      onEpochEnd: async (point) => {
        this.#record(point);
        await this.#renew(program, trainer);
        if (!this.#trusted || performance.now() - this.#savedAt < SAVE_EVERY_MS) return; // epochs of a small model may take a fraction of a second
        await this.#saveCheckpoint();
        await this.#showImages(true);
        await this.#directory.writeManifest(this.#manifest);
        this.#savedAt = performance.now();
      },
      onStep: async () => {
        if (this.#directory.broken !== undefined) throw this.#directory.broken;
        await this.#showImages(false);
        if (this.#dragged) await setTimeout(DRAG_PAUSE_MS);
      },
    }, gate && { gate, engine: this.#manifest.engine, end: () => { this.#checking.abort(); }, onGate: (verdict) => this.#judged(verdict) });
  }

  async #judged(gate: Gate): Promise<void> {
    this.#trusted = !('passed' in gate) || gate.passed;
    await this.#tell({ gate: this.#manifest.stepNotice === undefined ? gate : CHANGED });
  }

  /** The person's code may do something else by now than what was compiled. */
  async #renew(program: Program, trainer: Trainer): Promise<void> {
    const began = performance.now();
    if (began < this.#renewAt) return;
    const changed = await trainer.exclusive(async () => program.renew?.());
    this.#changed ||= changed === true;
    this.#renewAt = performance.now() + (performance.now() - began) / RENEW_SHARE;
    if (changed) await this.#tell({ stepNotice: `The training step of the model had changed after step ${trainer.step}, and was compiled again.`, ...(this.#manifest.gate ? { gate: CHANGED } : {}) });
  }

  async #tell(what: Partial<Manifest>): Promise<void> {
    this.#manifest = { ...this.#manifest, ...what };
    this.#server.broadcast('manifest', this.#manifest);
    await this.#directory.writeManifest(this.#manifest).catch((error: unknown) => { console.error(error); });
  }

  /** Where `auto` chose an engine that may not go on, the next one takes over, and where an engine may not in one way, its other: from the start where nothing of what was trained counts. @throws the error itself where none does. */
  async #goOn(error: unknown, { engine, way, program, trainer }: Begun, { refused }: Start): Promise<Start> {
    const lost = error instanceof EngineLostError;
    const wrong = error instanceof WrongGradientsError;
    if ((engine !== 'auto' && way === this.#manifest.engine && !lost) || this.#checking.signal.aborted || !(wrong || lost || error instanceof UnsupportedModelError)) throw error;
    console.error(error);
    this.#flush();
    this.#changed ||= !wrong && !lost; // it could be compiled when it was built
    const saved = lost ? await lastSaved(this.#directory) : undefined;
    const from = saved ?? (wrong || lost ? undefined : { program: await program.getState(), trainer: trainer.getState() });
    [this.#trainer, this.#views, this.#latent, this.#checking] = [undefined, undefined, undefined, new AbortController()];
    await trainer.exclusive(() => { program.dispose(); return Promise.resolve(); });
    const { gate: _gate, stepNotice: _notice, lastLoss, ...manifest } = this.#manifest;
    this.#manifest = { ...manifest, state: { kind: 'preparing', what: 'Building the model' }, ...(saved ? { lastStep: saved.step } : !from ? { lastStep: 0 } : lastLoss === undefined ? {} : { lastLoss }) };
    if (saved) {
      const metrics = await this.#directory.rewind(saved.step);
      this.#metrics.splice(0, Infinity, ...metrics);
      this.#server.broadcast('restarted', this.#manifest);
      this.#server.broadcast('metrics', { points: metrics });
      for (const mark of this.#marks) this.#server.broadcast('mark', mark);
    } else if (!from) {
      for (const told of [this.#metrics, this.#marks, this.#pending]) told.length = 0;
      this.#images = undefined;
      await this.#directory.clear();
      this.#server.broadcast('restarted', this.#manifest);
    }
    return { refused: new Map([...refused, [way, wrong ? discarded(error.message) : lost ? resumedFrom(error.message, saved?.step ?? 0) : error.message]]), hyperparameters: trainer.hyperparameters, followed: trainer.getState().schedules ?? {}, paused: trainer.paused, ...(from ? { from } : {}) };
  }

  /** The person's code may never return: then the process ends, and the run has failed with this sentence. `allow` gives it longer. */
  async #watched<T>(sentence: string, limitMs: number, work: (allow: (milliseconds: number) => void) => Promise<T>): Promise<T> {
    const limit = Number(process.env['VAE_LAB_LOAD_MS'] ?? limitMs);
    const error: RunError = { code: 'modelFile', message: sentence.replace('{0}', String(limit / 1000)), location: { file: this.options.modelFile, line: 1 } };
    const watch = watchLoading(path.join(this.options.dir, 'run.json'), JSON.stringify({ ...this.#manifest, state: { kind: 'failed', error } }), limit);
    return work(watch.allow).finally(watch.end);
  }

  #record(point: MetricPoint): void {
    this.#metrics.push(point);
    this.#pending.push(point);
    this.#manifest = { ...this.#manifest, lastStep: point.step, ...(point.split === 'test' ? { lastLoss: point.loss } : {}), hyperparameters: { ...this.#manifest.hyperparameters, ...point.scheduled } };
    if (performance.now() - this.#flushedAt >= (this.#dragged ? AT_LEAST_MS : METRICS_EVERY_MS)) this.#flush();
  }

  get #dragged(): boolean { return performance.now() - this.#decodedAt < DRAG_REST_MS; }

  #flush(): void {
    const points = this.#pending;
    const last = points.at(-1);
    if (!last) return;
    this.#pending = [];
    this.#flushedAt = performance.now();
    const total = this.#manifest.epochs * this.#manifest.stepsPerEpoch;
    const stepsPerSecond = last.seconds > 0 ? last.step / last.seconds : 0;
    this.#speed = { stepsPerSecond, ...(stepsPerSecond > 0 ? { secondsLeft: (total - last.step) / stepsPerSecond } : {}) };
    this.#directory.appendMetrics(points);
    this.#server.broadcast('metrics', { points, speed: this.#speed });
  }

  async #showImages(always: boolean): Promise<void> {
    if (!this.#views) return;
    const age = performance.now() - this.#imagesAt;
    if (!always && (age < IMAGES_EVERY_MS || (this.#dragged && age < AT_LEAST_MS) || this.#server.connections === 0)) return;
    this.#images = await this.#views.images(this.#trainer?.step ?? 0);
    this.#imagesAt = performance.now();
    this.#server.broadcast('images', this.#images);
    if (always) await this.#directory.writeImages(this.#images);
  }

  async #setState(state: RunState, write = true): Promise<void> {
    this.#manifest = { ...this.#manifest, state };
    const { lastStep, lastLoss } = this.#manifest;
    const ended = !isLive(state); // then it is told even where it cannot be written
    if (write) await this.#directory.writeManifest(this.#manifest).catch((error: unknown) => { if (ended) console.error(error); else throw error; }); // before it is told: who hears of the end may end this process
    this.#server.broadcast('state', { state, lastStep, ...(lastLoss === undefined ? {} : { lastLoss }) });
  }

  #ready(): { trainer: Trainer; views: Views; latent: LatentViews } {
    if (!this.#trainer || !this.#views || !this.#latent) throw new Error('The run is still getting ready.');
    return { trainer: this.#trainer, views: this.#views, latent: this.#latent };
  }

  #handlers(): Omit<HostHandlers, 'hello'> {
    return {
      snapshot: () => Promise.resolve({ manifest: this.#manifest, metrics: this.#metrics, marks: this.#marks, ...(this.#images ? { images: this.#images } : {}), ...(this.#speed ? { speed: this.#speed } : {}) }),
      pause: async () => {
        this.#ready().trainer.pause();
        if (this.#manifest.state.kind === 'running') await this.#setState({ kind: 'paused' });
        return {};
      },
      resume: async () => {
        this.#ready().trainer.resume();
        if (this.#manifest.state.kind === 'paused') await this.#setState({ kind: 'running' });
        return {};
      },
      stop: () => {
        if (this.#trainer) this.#stop(); else this.#cancel.abort();
        return Promise.resolve({});
      },
      shutdown: () => {
        if (isLive(this.#manifest.state)) this.interrupt(); else void this.close().finally(() => process.exit(0));
        return Promise.resolve({});
      },
      setHyperparameter: ({ name, value }) => {
        const { trainer } = this.#ready();
        const from = trainer.hyperparameters[name] ?? NaN;
        const endsSchedule = trainer.isScheduled(name);
        const step = trainer.setHyperparameter(name, value);
        const mark: Mark = { step, seconds: this.#metrics.at(-1)?.seconds ?? 0, name, from, to: value, ...(endsSchedule ? { endsSchedule } : {}) };
        this.#marks.push(mark);
        this.#manifest = { ...this.#manifest, hyperparameters: { ...trainer.hyperparameters } };
        this.#directory.appendMark(mark);
        this.#server.broadcast('mark', mark);
        this.#server.broadcast('manifest', this.#manifest);
        return Promise.resolve({ step });
      },
      sample: ({ count, seed }) => this.#ready().views.sample(count, seed),
      decode: ({ z, quiet }) => {
        if (!quiet) this.#decodedAt = performance.now();
        return this.#ready().views.decode(z);
      },
      encode: ({ indices }) => this.#ready().views.encode(indices),
      reconstruct: ({ indices }) => this.#ready().views.reconstruct(indices),
      interpolate: ({ from, to, steps }) => this.#ready().views.interpolate(from, to, steps),
      ...latentHandlers(() => this.#ready().latent, new RunItems(this.options.dir)),
    };
  }

  idle(milliseconds: number): Promise<void> { return this.#server.idle(milliseconds); }
}
