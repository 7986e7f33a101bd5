import path from 'node:path';
import type { HostHandlers } from '../protocol/rpc';
import { isLive, type Gate, type Manifest, type Mark, type MetricPoint, type RunState } from '../protocol/run';
import type { Speed } from '../protocol/hostApi';
import { RunEvaluations } from '../runs/evaluations';
import { RunItems } from '../runs/items';
import { claimRun, registerRun } from '../runs/registry';
import type { RunDirectory } from '../runs/runDirectory';
import { samplesOf } from '../vae/objectives/index';
import { begin, checkData, type Beginning } from './beginning';
import { factsOf } from './datasets/index';
import { buildProgram, EngineLostError, UnsupportedModelError, type EngineName, isWay, type Program, type Way } from './engines/index';
import { runChecked } from './checkedTraining';
import { beginCheck, WrongGradientsError } from './gradientCheck';
import { Evaluations } from './evaluation/evaluations';
import { evaluationHandlers } from './evaluation/handlers';
import { discarded, lastSaved, resumedFrom, type LeftOff } from './handOver';
import { RunHistory } from './history';
import { keepDivergence } from './keepDivergence';
import { classesAskedFor } from './latent/conditions';
import { latentHandlers } from './latent/handlers';
import { LatentViews } from './latent/latentViews';
import type { OracleOptions } from './oracleProcess';
import { loadModel } from './loadModel';
import { watched } from './loadWatchdog';
import { partWeights } from './partWeights';
import type { TrainerHostOptions } from './options';
import { Recording } from './recording';
import { describeError } from './runError';
import { Saving } from './saving';
import { HostServer } from './server';
import { Showing } from './showing';
import { DivergedError, Trainer, type TrainerState } from './training/index';
import { viewHandlers, Views } from './views';
import { engineAsked, priorInWords, readWork, type Work } from './work';

const LOAD_LIMIT_MS = 30_000;
const BUILD_LIMIT_MS = 120_000;
const SLOW_BUILD_LIMIT_MS = 30 * 60_000;

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
  readonly #history: RunHistory;
  readonly #kept: RunEvaluations;
  readonly #showing: Showing;
  #speed: Speed | undefined;
  #trainer: Trainer | undefined;
  #views: Views | undefined;
  #latent: LatentViews | undefined;
  #evaluations: Evaluations | undefined;
  /** Its gradients are right, as far as anybody can tell: until that is known nothing of it is kept. */
  #trusted = true;
  #checking = new AbortController();
  #renewAt = 0;
  #saving: Saving | undefined;
  readonly #recording: Recording;
  #unwritten = false;
  /** The person's code does something else in this process than in an oracle's. */
  #changed = false;
  #ending: 'stopped' | 'interrupted' = 'stopped';
  readonly #cancel = new AbortController();

  private constructor(private readonly options: TrainerHostOptions, private readonly host: Omit<OracleOptions, 'signal'>, private readonly beginning: Beginning, unclaim: () => Promise<void>) {
    this.#directory = beginning.directory;
    this.#manifest = beginning.manifest;
    this.#kept = new RunEvaluations(beginning.directory.dir);
    this.#history = new RunHistory(beginning.directory, beginning);
    this.#recording = new Recording(beginning.directory, (event, payload) => { this.#server.broadcast(event, payload); });
    this.#server = new HostServer(options.runId, options.dir, 'trainer', this.#handlers(), unclaim);
    this.#showing = new Showing(this.#server, beginning.directory);
  }

  /** Makes the run directory, or takes it up again, and listens; the run is then `preparing`. `host` is what runs this very program, for an oracle beside it. @throws ClaimedError where another host has it; NewerRunError */
  static async open(options: TrainerHostOptions, host: Omit<OracleOptions, 'signal'>): Promise<TrainingSession> {
    const unclaim = await claimRun(options.runId);
    try {
      const beginning = await begin(options);
      const session = new TrainingSession(options, host, beginning, unclaim);
      await session.#directory.writeManifest(beginning.manifest);
      await registerRun(options.runId, options.dir);
      await session.#server.listen();
      return session;
    } catch (error) {
      await unclaim();
      throw error;
    }
  }

  /** Trains to the end, whatever the end is. */
  async run(): Promise<RunState> {
    try {
      const work = await this.#prepare();
      let ended: 'completed' | 'stopped' | undefined;
      const { from, manifest: { refused = {} } } = this.beginning;
      for (let start: Start = { refused: new Map(Object.entries(from ? refused : {}).flatMap(([way, why]) => (isWay(way) ? [[way, why]] : []))), ...(from ? { from: { program: from.tensors, trainer: from.trainer } } : {}) }; !ended;) {
        const begun = await this.#begin(work, start);
        ended = await this.#train(begun).catch(async (error: unknown) => {
          start = await this.#goOn(error, begun, start);
          return undefined;
        });
      }
      this.#flush();
      await this.#showImages(true);
      await this.#recording.end();
      await this.#saving?.now();
      await this.#recording.saved();
      await this.#setState({ kind: ended === 'completed' ? 'completed' : this.#ending });
    } catch (error) {
      this.#flush();
      const healthy = error instanceof DivergedError ? await keepDivergence(this.#directory, error, this.#manifest.imageShape, this.#history) : undefined;
      await this.#setState(this.#cancel.signal.aborted ? { kind: this.#ending } : { kind: 'failed', error: describeError(error, this.options, this.#trainer !== undefined, healthy) });
    }
    return this.#manifest.state;
  }

  /** Ends the run's service; what could not be written may be written now. */
  async close(): Promise<void> {
    if (this.#unwritten) await this.#directory.writeManifest(this.#manifest).catch((error: unknown) => { console.error(error); });
    await this.#directory.close();
    await this.#server.close();
  }

  /** Told to end: nobody is waited for. */
  get leaving(): boolean { return this.#ending === 'interrupted'; }

  /** Ends a live run after the current step, and the service of one that has ended: as after a signal. */
  interrupt(): void {
    if (!isLive(this.#manifest.state)) {
      void this.close().finally(() => process.exit(0));
      return;
    }
    this.#ending = 'interrupted';
    this.#cancel.abort();
    this.#stop();
  }

  #stop(): void {
    this.#trainer?.stop();
    this.#checking.abort();
  }

  async #prepare(): Promise<Work> {
    const { options, beginning: { asked, source } } = this;
    engineAsked(asked.engine); // before anything is run
    const { name, model } = await this.#watched('The model file did not finish loading within {0} s. Look for a loop that never ends.', LOAD_LIMIT_MS, () => loadModel(options.modelFile, this.#manifest.modelName || undefined, source || undefined));
    this.#manifest = { ...this.#manifest, modelName: name };
    return readWork(model, asked, {
      dataFolder: options.dataFolder, mirrors: options.dataMirrors, baseFolder: path.dirname(options.modelFile), signal: this.#cancel.signal,
      onProgress: (what, fraction) => { void this.#setState({ kind: 'preparing', what, ...(fraction === undefined ? {} : { fraction }) }, false); },
    });
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
    const summary = await data;
    checkData(this.beginning, summary, trainer.stepsPerEpoch);
    if (paused) trainer.pause();
    this.#trainer = trainer;
    this.#views = new Views(program, dataset, model, (work) => trainer.exclusive(work));
    this.#latent = new LatentViews(program, dataset, model, (work) => trainer.exclusive(work), () => trainer.step, () => trainer.hyperparameters);
    this.#evaluations = new Evaluations({
      program, dataset, model, exclusive: (work) => trainer.exclusive(work), step: () => trainer.step, hyperparameters: () => trainer.hyperparameters, manifest: () => this.#manifest, kept: this.#kept,
      tell: (what, fraction) => { this.#server.broadcast('evaluating', { what, fraction }); }, hold: () => { trainer.pause(); return () => { if (this.#manifest.state.kind === 'running') trainer.resume(); }; },
    });
    this.#saving = new Saving({ directory: this.#directory, trainer, program, keepEvery: this.beginning.asked.keepEvery, best: from && this.beginning.from?.best, flush: () => { this.#flush(); }, counts: () => this.#trusted });
    this.#manifest = {
      ...this.#manifest, engine: engine.name, device: engine.device, seed: training.seed, epochs: training.epochs, batchSize: training.batchSize, stepsPerEpoch: trainer.stepsPerEpoch,
      latentDim: model.latentDim, imageShape: [...dataset.imageShape], testCount: dataset.heldOut.count, data: summary, hyperparameters: trainer.hyperparameters, hyperparameterSpecs: specs, prior: priorInWords(model), conditionClasses: classesAskedFor(model, dataset), partWeights: await partWeights(model, dataset.imageShape, factsOf(dataset)), ...(refused.size > 0 ? { refused: Object.fromEntries(refused) } : {}), ...(notice ? { engineNotice: notice } : {}), ...(gated && this.#changed ? { gate: CHANGED } : {}),
    };
    await this.#recording.begin(this.#views, dataset, model.latentDim, trainer);
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
    this.#repeat(trainer);
    return runChecked(trainer, {
      onPoint: (point) => { this.#record(point); },
      onEpochEnd: async (point) => {
        this.#record(point);
        await this.#renew(program, trainer);
        if (await this.#saving?.afterEpoch(point.loss)) await this.#saved();
        this.#repeat(trainer);
      },
      onStep: async (step) => {
        if (this.#directory.broken !== undefined) throw this.#directory.broken;
        if (step % trainer.stepsPerEpoch !== 0) {
          if (await this.#saving?.afterStep()) await this.#saved();
          this.#repeat(trainer);
        }
        await this.#showImages(false);
        if (!await this.#showing.standBack()) await this.#recording.afterStep();
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
    if ((engine !== 'auto' && way === this.#manifest.engine && !lost) || this.#checking.signal.aborted || (wrong && this.beginning.from) || !(wrong || lost || error instanceof UnsupportedModelError)) throw error;
    console.error(error);
    this.#flush();
    this.#changed ||= !wrong && !lost; // it could be compiled when it was built
    const saved = lost ? await lastSaved(this.#directory) : undefined;
    const from = saved ?? (wrong || lost ? undefined : { program: await program.getState(), trainer: trainer.getState() });
    [this.#trainer, this.#views, this.#latent, this.#evaluations, this.#checking] = [undefined, undefined, undefined, undefined, new AbortController()];
    await trainer.exclusive(() => { program.dispose(); return Promise.resolve(); });
    const { gate: _gate, stepNotice: _notice, lastLoss, ...manifest } = this.#manifest;
    this.#manifest = { ...manifest, state: { kind: 'preparing', what: 'Building the model' }, ...(saved ? { lastStep: saved.step } : !from ? { lastStep: 0 } : lastLoss === undefined ? {} : { lastLoss }) };
    if (saved) {
      await this.#history.rewind(saved.step);
      this.#server.broadcast('restarted', this.#manifest);
      this.#server.broadcast('metrics', { points: this.#history.metrics });
      for (const mark of this.#history.marks) this.#server.broadcast('mark', mark);
    } else if (!from) {
      this.#history.forget();
      this.#recording.forget();
      this.#showing.forget();
      await this.#directory.clear();
      this.#server.broadcast('restarted', this.#manifest);
    }
    return { refused: new Map([...refused, [way, wrong ? discarded(error.message) : lost ? resumedFrom(error.message, saved?.step ?? 0) : error.message]]), hyperparameters: saved?.trainer.hyperparameters ?? trainer.hyperparameters, followed: trainer.getState().schedules ?? {}, paused: trainer.paused, ...(from ? { from } : {}) };
  }

  #watched<T>(sentence: string, limitMs: number, work: (allow: (milliseconds: number) => void) => Promise<T>): Promise<T> {
    return watched({ manifest: this.#manifest, dir: this.options.dir, modelFile: this.options.modelFile, sentence, limitMs }, work);
  }

  /** A checkpoint was written: with it what else a later reader needs. */
  async #saved(): Promise<void> {
    await this.#recording.saved();
    await this.#showImages(true);
    await this.#directory.writeManifest(this.#manifest);
  }

  /** What was changed before the run was interrupted is changed again, at the same step. */
  #repeat(trainer: Trainer): void {
    for (const mark of this.#history.due(trainer.step)) {
      trainer.setHyperparameter(mark.name, mark.to);
      this.#tellMark(trainer, mark);
    }
  }
  #tellMark(trainer: Trainer, mark: Mark): void {
    this.#manifest = { ...this.#manifest, hyperparameters: { ...trainer.hyperparameters } };
    this.#server.broadcast('mark', mark);
    this.#server.broadcast('manifest', this.#manifest);
  }

  #record(point: MetricPoint): void {
    this.#history.add(point);
    this.#manifest = { ...this.#manifest, lastStep: point.step, ...(point.split === 'test' ? { lastLoss: point.loss } : {}), hyperparameters: { ...this.#manifest.hyperparameters, ...point.scheduled } };
    if (this.#showing.areCurvesDue) this.#flush();
  }

  #flush(): void {
    const points = this.#history.flush();
    const last = points.at(-1);
    if (!last) return;
    this.#showing.curvesShown();
    const total = this.#manifest.epochs * this.#manifest.stepsPerEpoch;
    const stepsPerSecond = last.seconds > 0 ? last.step / last.seconds : 0;
    this.#speed = { stepsPerSecond, ...(stepsPerSecond > 0 ? { secondsLeft: (total - last.step) / stepsPerSecond } : {}) };
    this.#server.broadcast('metrics', { points: [...points], speed: this.#speed });
  }

  async #showImages(always: boolean): Promise<void> {
    if (this.#views) await this.#showing.pictures(this.#views, this.#trainer?.step ?? 0, this.#manifest.samplesSeed, always);
  }

  async #setState(state: RunState, write = true): Promise<void> {
    this.#manifest = { ...this.#manifest, state };
    const { lastStep, lastLoss } = this.#manifest;
    const ended = !isLive(state); // then it is told even where it cannot be written
    if (write) await this.#directory.writeManifest(this.#manifest).catch((error: unknown) => { this.#unwritten = ended; if (ended) console.error(error); else throw error; }); // before it is told: who hears of the end may end this process
    this.#server.broadcast('state', { state, lastStep, ...(lastLoss === undefined ? {} : { lastLoss }) });
  }

  #ready(): { trainer: Trainer; views: Views; latent: LatentViews; evaluations: Evaluations } {
    if (!this.#trainer || !this.#views || !this.#latent || !this.#evaluations) throw new Error('The run is still getting ready.');
    return { trainer: this.#trainer, views: this.#views, latent: this.#latent, evaluations: this.#evaluations };
  }

  #handlers(): Omit<HostHandlers, 'hello'> {
    return {
      snapshot: () => Promise.resolve({ manifest: this.#manifest, metrics: this.#history.metrics, marks: this.#history.marks, ...this.#recording.told, ...(this.#showing.images ? { images: this.#showing.images } : {}), ...(this.#speed ? { speed: this.#speed } : {}) }),
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
      saveCheckpoint: async () => {
        if (!isLive(this.#manifest.state) || !this.#saving) throw new Error(isLive(this.#manifest.state) ? 'The run is still getting ready.' : 'This run has ended. Train the model again to change it.');
        return { step: await this.#saving.asked() };
      },
      shutdown: () => {
        this.interrupt();
        return Promise.resolve({});
      },
      setHyperparameter: async ({ name, value }) => {
        const { trainer } = this.#ready();
        const from = trainer.hyperparameters[name] ?? NaN;
        const endsSchedule = trainer.isScheduled(name);
        const step = trainer.setHyperparameter(name, value);
        const mark: Mark = { step, seconds: this.#history.metrics.at(-1)?.seconds ?? 0, name, from, to: value, ...(endsSchedule ? { endsSchedule } : {}) };
        const written = this.#history.change(mark);
        this.#tellMark(trainer, mark);
        await written; // what was answered is not lost
        return { step };
      },
      ...viewHandlers(() => this.#ready().views, () => { this.#showing.dragged(); }),
      fixSamples: async ({ seed }) => {
        this.#ready();
        await this.#tell({ samplesSeed: seed });
        await this.#showImages(true);
        return {};
      },
      ...latentHandlers(() => this.#ready().latent, new RunItems(this.options.dir)),
      ...evaluationHandlers(() => this.#ready().evaluations, this.#kept),
    };
  }

  idle(milliseconds: number): Promise<void> { return this.#server.idle(milliseconds); }
}
