import path from 'node:path';
import type { HostHandlers } from '../protocol/rpc';
import { isLive, stillScheduled, textOf, type Gate, type Manifest, type MetricPoint, type ModelText, type RunState } from '../protocol/run';
import type { Best } from '../runs/checkpoints';
import { RunEvaluations } from '../runs/evaluations';
import { RunItems } from '../runs/items';
import { claimRun, registerRun } from '../runs/registry';
import type { RunDirectory } from '../runs/runDirectory';
import { begin, checkData, type Beginning } from './beginning';
import { EngineLostError, UnsupportedModelError, type Origin, type Way } from './engines/index';
import { ModelChanges, type Begun } from './changes';
import { Checks, runChecked } from './checkedTraining';
import { Gates } from './gates';
import { WrongGradientsError } from './gradientCheck';
import { evaluationHandlers } from './evaluation/handlers';
import { discarded, lastSaved, resumedFrom, takenBackAt, type Start } from './handOver';
import { RunHistory } from './history';
import { KeptManifest } from './keptManifest';
import { keepDivergence } from './keepDivergence';
import { classesAskedFor } from './latent/conditions';
import { latentHandlers } from './latent/handlers';
import type { OracleOptions } from './oracleProcess';
import { loadModel } from './loadModel';
import { watched, type Phase } from './loadWatchdog';
import { Looking } from './looking';
import { makeProgram, type Made } from './making';
import type { TrainerHostOptions } from './options';
import { learnAfterTraining, priorHandlers, toldOf } from './prior/handlers';
import type { RunPrior } from './prior/runPrior';
import { Recording } from './recording';
import { Renewal } from './renewal';
import { describeError, whyNotChanged, whyNotShown } from './runError';
import { Saving } from './saving';
import { setByHand } from './setByHand';
import { HostServer } from './server';
import { Showing } from './showing';
import { DivergedError, type Trainer } from './training/index';
import { viewHandlers } from './views';
import { engineAsked, priorInWords, readWork, type Work } from './work';

const withoutGate = ({ gate: _, ...manifest }: Manifest): Manifest => manifest;

/** One training run: prepares, trains, answers, and writes the run directory. */
export class TrainingSession {
  readonly #kept: KeptManifest;
  readonly #directory: RunDirectory;
  readonly #server: HostServer;
  readonly #history: RunHistory;
  readonly #evaluated: RunEvaluations;
  readonly #showing: Showing;
  #trainer: Trainer | undefined;
  #looking: Looking | undefined;
  readonly #gates: Gates;
  #begun: Begun | undefined;
  #stopping = false;
  readonly #changes: ModelChanges;
  #saving: Saving | undefined;
  readonly #recording: Recording;
  #ending: 'stopped' | 'interrupted' = 'stopped';
  readonly #cancel = new AbortController();

  private constructor(private readonly options: TrainerHostOptions, private readonly host: Omit<OracleOptions, 'signal'>, private readonly beginning: Beginning, unclaim: () => Promise<void>) {
    this.#directory = beginning.directory;
    this.#gates = new Gates(host);
    this.#evaluated = new RunEvaluations(beginning.directory.dir);
    this.#history = new RunHistory(beginning.directory, beginning);
    this.#changes = this.#changesOf();
    this.#recording = new Recording(beginning.directory, (event, payload) => { this.#server.broadcast(event, payload); });
    this.#server = new HostServer(options.runId, options.dir, 'trainer', this.#handlers(), unclaim);
    this.#kept = new KeptManifest(beginning.manifest, beginning.directory, this.#server);
    this.#showing = new Showing(this.#server, beginning.directory);
  }

  get #manifest(): Manifest { return this.#kept.now; }
  set #manifest(manifest: Manifest) { this.#kept.now = manifest; }

  /** Makes the run directory, or takes it up again, and listens; the run is then `preparing`. `host` is what runs this very program, for an oracle beside it. @throws ClaimedError where another host has it; NewerRunError */
  static async open(options: TrainerHostOptions, host: Omit<OracleOptions, 'signal'>): Promise<TrainingSession> {
    const unclaim = await claimRun(options.runId);
    try {
      const beginning = await begin(options);
      const session = new TrainingSession(options, host, beginning, unclaim);
      await Promise.all([session.#recording.look(), session.#directory.writeManifest(beginning.manifest)]); // whoever asks while it gets ready sees all of what was
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
      let work = await this.#prepare();
      let ended: 'completed' | 'stopped' | undefined;
      const { from, refused } = this.beginning;
      for (let start: Start = { refused, ...(from ? { from: { program: from.tensors, trainer: from.trainer } } : {}) }; !ended;) {
        const begun = this.#changes.takeNext() ?? await this.#begin(work, start);
        this.#begun = begun;
        ended = await this.#train(begun).catch(async (error: unknown) => {
          start = await this.#goOn(error, begun, start);
          work = this.#changes.workOf(start.from?.trainer.revision ?? 0) ?? work;
          return undefined;
        });
        if (this.#changes.failed !== undefined) throw this.#changes.failed;
        if (!this.#changes.isReady) continue;
        await begun.trainer.exclusive(() => { begun.program.dispose(); return Promise.resolve(); });
        ended = undefined;
      }
      this.#flush();
      await this.#showImages(true);
      await this.#recording.end();
      await this.#saving?.now();
      await this.#recording.saved();
      const isCut = ended === 'completed' && await this.#learnPrior() && this.leaving;
      await this.#kept.setState({ kind: ended === 'completed' && !isCut ? 'completed' : this.#ending });
    } catch (error) {
      this.#flush();
      const healthy = error instanceof DivergedError ? await keepDivergence(this.#directory, error, this.#manifest.imageShape, this.#history) : undefined;
      await this.#kept.setState(this.#cancel.signal.aborted ? { kind: this.#ending } : { kind: 'failed', error: await describeError(error, this.options, this.#manifest.device, this.#trainer !== undefined, healthy) });
    }
    this.#gates.end(); // whoever waits for them is told
    return this.#manifest.state;
  }

  /** Ends the run's service; what could not be written may be written now. */
  async close(): Promise<void> {
    await this.#kept.close();
    await this.#directory.close();
    await this.#server.close();
  }

  /** Told to end: nobody is waited for. */
  get leaving(): boolean { return this.#ending === 'interrupted'; }

  /** Ends a live run after the current step, and the service of one that has ended: as after a signal. */
  interrupt(): void {
    if (!isLive(this.#manifest.state)) { void this.close().finally(() => process.exit(0)); return; }
    this.#ending = 'interrupted';
    this.#cancel.abort();
    this.#stop();
  }

  #stop(): void {
    this.#stopping = true;
    this.#trainer?.stop();
    this.#gates.end();
    this.#looking?.prior.cancel();
  }

  async #prepare(): Promise<Work> {
    const { options, beginning: { asked, text: { source, modelFile } } } = this;
    engineAsked(asked.engine); // before anything is run
    const { name, model } = await this.#watched('load', () => loadModel(modelFile, this.#manifest.modelName || undefined, source || undefined));
    this.#manifest = { ...this.#manifest, modelName: name };
    return readWork(model, asked, {
      dataFolder: options.dataFolder, mirrors: options.dataMirrors, baseFolder: path.dirname(modelFile), signal: this.#cancel.signal,
      onProgress: (what, fraction) => { void this.#kept.setState({ kind: 'preparing', what, ...(fraction === undefined ? {} : { fraction }) }, false); },
    });
  }

  #origin(text: ModelText): Origin { return { ...this.host, modelName: this.#manifest.modelName, ...text }; }

  /** Builds the model on an engine, and begins to compare its gradients where they have to be. */
  async #begin(work: Work, { from, paused, ...start }: Start): Promise<Begun> {
    await this.#kept.setState({ kind: 'preparing', what: 'Building the model' }, false);
    const revision = from?.trainer.revision ?? 0;
    const made = await this.#watched('build', (driver) => makeProgram(work, {
      ...start, run: this.options, origin: this.#origin(textOf(this.#manifest, revision)), begin: () => { if (this.#cancel.signal.aborted) throw new Error('cancelled'); return Promise.resolve(from && { tensors: from.program, trainer: from.trainer }); },
      onSlowStart: (what) => { driver(); void this.#kept.setState({ kind: 'preparing', what }, false); },
    }));
    checkData(this.beginning, await work.data, made.trainer.stepsPerEpoch);
    if (paused) made.trainer.pause();
    await this.#take(made, start.refused, from && this.beginning.from?.best);
    return { ...made, ...await this.#gates.begin(made, this.#origin(textOf(this.#manifest, revision))) };
  }

  /** From here on this is what trains and what is looked at. */
  async #take(made: Made, refused: ReadonlyMap<Way, string>, best: Best | undefined): Promise<void> {
    const { program, trainer, engine, gated, notice, parts, work: { model, dataset, data, training, specs } } = made;
    this.#changes.keep(made);
    this.#trainer = trainer;
    const looking = this.#looking = await Looking.open({
      program, dataset, model, seed: training.seed, dir: this.options.dir, kept: this.#evaluated, manifest: () => this.#manifest, exclusive: (work) => trainer.exclusive(work), broadcast: (event, payload) => { this.#server.broadcast(event, payload); },
      step: () => trainer.step, hyperparameters: () => trainer.hyperparameters, hold: () => { trainer.pause(); return () => { if (this.#manifest.state.kind === 'running') trainer.resume(); }; },
    });
    this.#saving = new Saving({ directory: this.#directory, trainer, program, keepEvery: this.beginning.asked.keepEvery, best, flush: () => { this.#flush(); }, counts: () => this.#gates.trusted });
    const summary = await data;
    this.#manifest = {
      ...this.#manifest, engine: engine.name, device: engine.device, seed: training.seed, epochs: training.epochs, batchSize: training.batchSize, stepsPerEpoch: trainer.stepsPerEpoch,
      latentDim: model.latentDim, imageShape: [...dataset.imageShape], testCount: dataset.heldOut.count, data: summary, hyperparameters: trainer.hyperparameters, hyperparameterSpecs: specs, following: trainer.following, prior: toldOf(priorInWords(model), trainer.step < trainer.totalSteps ? looking.prior.whileTraining : looking.prior), conditionClasses: classesAskedFor(model, dataset), partWeights: parts, lost: undefined, ...(refused.size > 0 ? { refused: Object.fromEntries(refused) } : {}), ...(notice ? { engineNotice: notice } : {}),
    };
    await this.#recording.begin(looking, dataset, model.latentDim, trainer);
    this.#gates.trusted = !gated;
    this.#server.broadcast('manifest', this.#manifest);
  }

  #changesOf(): ModelChanges {
    return new ModelChanges({
      manifest: () => this.#manifest, history: this.#history, run: this.options, asked: this.beginning.asked, origin: (text) => this.#origin(text), ending: () => this.#stopping,
      begun: () => this.#changeable(), isProven: () => this.#gates.trusted, proven: () => this.#gates.settled(),
      settled: async () => { while (this.#looking?.evaluations.busy) await this.#looking.evaluations.settled(); },
      save: async () => { await this.#saving?.now(); },
      check: async (made, text) => {
        const abort = this.#gates.renew();
        return { ...await this.#gates.begin(made, this.#origin(text)).catch((error: unknown) => { abort(); throw error; }), abort };
      },
      take: async (made, changes) => {
        this.#manifest = withoutGate(this.#manifest);
        await this.#take(made, new Map(), undefined);
        await this.#kept.tell({ changes });
      },
    });
  }

  async #train(begun: Begun): Promise<'completed' | 'stopped'> {
    const { program, trainer, gate } = begun;
    await this.#kept.setState({ kind: trainer.paused ? 'paused' : 'running' });
    await this.#showImages(true);
    const checks = new Checks({ engine: this.#manifest.engine, end: this.#gates.ender, onGate: (verdict) => this.#judged(verdict) });
    if (gate) checks.add(gate, this.#gates.changed || this.#changes.unproven);
    this.#repeat(trainer);
    const renewal = new Renewal(program, trainer);
    return runChecked(trainer, {
      onPoint: (point) => { this.#record(point); },
      onEpochEnd: async (point) => {
        this.#record(point);
        if (await renewal.look()) {
          await this.#renewed(trainer.step);
          checks.add(this.#gates.recheck(begun), true);
        }
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
    }, checks);
  }

  /** Says whether somebody ended that. */
  async #learnPrior(): Promise<boolean> {
    const prior = this.#looking?.prior;
    const { cancelled = false, failed } = await learnAfterTraining(prior, this.#stopping);
    if (prior?.learns) await this.#showPrior(prior, failed);
    return cancelled;
  }
  async #showPrior(prior: RunPrior, failed?: string): Promise<void> {
    await this.#kept.tell({ prior: toldOf(this.#manifest.prior, prior, failed) });
    await this.#showImages(true);
  }

  async #judged(gate: Gate): Promise<void> {
    this.#gates.trusted = !('passed' in gate) || gate.passed;
    if (this.#gates.trusted) this.#changes.unproven = false;
    await this.#kept.tell({ gate });
  }

  /** The step was compiled again: until its gradients are compared nothing more is kept. */
  async #renewed(step: number): Promise<void> {
    [this.#gates.changed, this.#gates.trusted] = [true, false];
    this.#manifest = withoutGate(this.#manifest);
    await this.#kept.tell({ stepNotice: `The training step of the model had changed after step ${step}, and was compiled again.` });
  }

  /** Where `auto` chose an engine that may not go on, the next one takes over, and where an engine may not in one way, its other: from the start where nothing of what was trained counts. @throws the error itself where none does. */
  async #goOn(error: unknown, { work: { engine }, way, program, trainer }: Begun, { refused }: Start): Promise<Start> {
    const lost = error instanceof EngineLostError;
    const wrong = error instanceof WrongGradientsError;
    const takenBack = wrong && this.#changes.unproven;
    const backToSaved = lost || (wrong && error.sinceChange);
    if ((engine !== 'auto' && way === this.#manifest.engine && !lost && !takenBack) || this.#gates.ended || (wrong && !backToSaved && this.beginning.from) || !(wrong || lost || error instanceof UnsupportedModelError)) throw error;
    console.error(error);
    this.#flush();
    this.#gates.changed ||= !wrong && !lost; // it could be compiled when it was built
    const saved = backToSaved ? await lastSaved(this.#directory) : undefined;
    const from = saved ?? (wrong || lost ? undefined : { program: await program.getState(), trainer: trainer.getState() });
    [this.#trainer, this.#looking, this.#changes.unproven] = [undefined, undefined, false];
    this.#gates.renew();
    await trainer.exclusive(() => { program.dispose(); return Promise.resolve(); });
    const { gate: _gate, stepNotice: _notice, lastLoss, ...manifest } = this.#manifest;
    this.#manifest = { ...manifest, ...(takenBack ? takenBackAt(manifest.changes ?? [], saved?.trainer.revision ?? 0, error.message) : {}), state: { kind: 'preparing', what: 'Building the model' }, ...(saved ? { lastStep: saved.step } : !from ? { lastStep: 0 } : lastLoss === undefined ? {} : { lastLoss }) };
    if (saved) {
      await this.#history.rewind(saved.step);
      this.#server.broadcast('restarted', this.#manifest);
      for (const points of this.#history.inPieces()) this.#server.broadcast('metrics', { points });
      for (const mark of this.#history.marks) this.#server.broadcast('mark', mark);
      await this.#recording.tellAgain();
    } else if (!from) {
      this.#history.forget();
      this.#recording.forget();
      this.#showing.forget();
      await this.#directory.clear();
      this.#server.broadcast('restarted', this.#manifest);
    }
    return { refused: takenBack ? refused : new Map([...refused, [way, saved ? resumedFrom(error.message, saved.step) : wrong || lost ? discarded(error.message) : error.message]]), hyperparameters: saved?.trainer.hyperparameters ?? trainer.hyperparameters, followed: trainer.getState().schedules ?? {}, paused: trainer.paused, ...(from ? { from } : {}) };
  }

  #watched<T>(phase: Phase, work: (driver: () => void) => Promise<T>): Promise<T> {
    return watched({ manifest: this.#manifest, dir: this.options.dir, modelFile: this.options.modelFile, phase }, work);
  }

  /** A checkpoint was written: with it what else a later reader needs. */
  async #saved(): Promise<void> {
    await this.#recording.saved();
    await this.#showImages(true);
    await this.#directory.writeManifest(this.#manifest);
  }

  /** What was changed before the run was interrupted is changed again, at the same step. */
  #repeat(trainer: Trainer): void {
    const change = this.#changes.due(trainer);
    for (const mark of this.#history.due(trainer.step, change ? change.marks - this.#history.marks.length : Infinity)) {
      trainer.setHyperparameter(mark.name, mark.to);
      this.#kept.mark(mark, trainer);
    }
    if (change && this.#begun?.trainer === trainer && !this.#changes.isReady) this.#changes.repeat(this.#begun, change);
  }

  #record(point: MetricPoint): void {
    this.#history.add(point);
    this.#manifest = { ...this.#manifest, lastStep: point.step, ...(point.split === 'test' ? { lastLoss: point.loss } : {}), hyperparameters: { ...this.#manifest.hyperparameters, ...stillScheduled(point, this.#history.marks) } };
    if (this.#showing.areCurvesDue) this.#flush();
  }

  #flush(): void { this.#showing.curves(this.#history.flush(), this.#manifest.epochs * this.#manifest.stepsPerEpoch); }

  async #showImages(always: boolean): Promise<void> {
    if (this.#looking) await this.#showing.pictures(this.#looking.views, this.#trainer?.step ?? 0, this.#manifest.samplesSeed, always);
  }

  #ready(): { readonly trainer: Trainer; readonly looking: Looking } {
    if (!this.#trainer || !this.#looking) throw new Error(whyNotShown(this.#manifest.state));
    return { trainer: this.#trainer, looking: this.#looking };
  }

  #changeable(): Begun {
    const { state } = this.#manifest;
    if (!this.#begun || !isLive(state) || state.kind === 'preparing') throw new Error(whyNotChanged(state));
    if (this.#stopping) throw new Error('Training ended before.');
    return this.#begun;
  }

  #handlers(): Omit<HostHandlers, 'hello'> {
    return {
      manifest: () => Promise.resolve(this.#manifest), snapshot: () => {
        this.#flush(); // or what is told next would be told twice
        return Promise.resolve({ manifest: this.#manifest, ...this.#history.told, marks: [...this.#history.marks], ...this.#recording.told, ...this.#showing.told, ...(this.#looking?.prior.learning ? { learning: this.#looking.prior.learning } : {}) });
      },
      pause: async () => {
        const { trainer } = this.#ready();
        trainer.pause();
        if (this.#manifest.state.kind === 'running' && !this.#looking?.prior.learning) await this.#kept.setState({ kind: 'paused' });
        await trainer.atRest(() => Promise.resolve(this.#flush())).catch(() => undefined); // where it has ended all is told
        return {};
      },
      resume: async () => {
        this.#ready().trainer.resume();
        if (this.#manifest.state.kind === 'paused') await this.#kept.setState({ kind: 'running' });
        return {};
      },
      stop: () => { if (this.#trainer) this.#stop(); else this.#cancel.abort(); return Promise.resolve({}); },
      saveCheckpoint: async () => {
        if (!isLive(this.#manifest.state) || !this.#saving) throw new Error(whyNotChanged(this.#manifest.state));
        return { step: await this.#saving.asked() };
      },
      applyModel: () => this.#changes.apply(),
      moveModel: async ({ from, to }) => { await this.#kept.moveModel(from, to); return {}; },
      shutdown: () => { this.interrupt(); return Promise.resolve({}); },
      setHyperparameter: async ({ name, value }) => {
        const { trainer } = this.#ready();
        const { mark, written } = setByHand(trainer, this.#history, name, value);
        this.#kept.mark(mark, trainer);
        await written; // what was answered is not lost
        return { step: mark.step };
      },
      ...viewHandlers(() => this.#ready().looking.views, (ms) => { this.#showing.giveWay(ms); }),
      fixSamples: async ({ seed }) => {
        this.#ready();
        await this.#kept.tell({ samplesSeed: seed });
        await this.#showImages(true);
        return {};
      },
      ...priorHandlers(() => this.#looking?.prior, () => isLive(this.#manifest.state), (prior) => this.#showPrior(prior)),
      ...latentHandlers(() => this.#ready().looking.latent, new RunItems(this.options.dir)),
      ...evaluationHandlers(() => this.#ready().looking.evaluations, this.#evaluated),
    };
  }

  idle(times: Parameters<HostServer['idle']>[0]): Promise<void> { return this.#server.idle(times); }
}
