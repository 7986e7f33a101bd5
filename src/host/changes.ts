import { readFile } from 'node:fs/promises';
import { textOf, type Gate, type Manifest, type ModelChange, type ModelText } from '../protocol/run';
import { factsOf } from './datasets/index';
import type { Origin } from './engines/index';
import { refusedIn } from './handOver';
import type { RunHistory } from './history';
import type { Made, MakeOptions } from './making';
import { makeChanged } from './modelChange';
import type { Trainer } from './training/index';
import { tryModel } from './trial';
import type { Work } from './work';

/** What trains, with the comparison of its gradients where there is one. */
export interface Begun extends Made { readonly gate?: Promise<Gate> | undefined }
export interface ChangeResult { readonly step: number; readonly what: string[]; readonly notice?: string }

/** What a session lets a change of its model see and do. */
export interface ChangedSession {
  manifest(): Manifest;
  readonly history: RunHistory;
  readonly asked: ModelChange['asked'];
  origin(text: ModelText): Origin;
  /** What trains now. @throws in a sentence why the model cannot be changed any more, or not yet */
  begun(): Begun;
  readonly ending: () => boolean;
  /** The gradients of what trains are known to be right. */
  isProven(): boolean;
  /** Resolves when they are known to be, or nobody will ever know. */
  proven(): Promise<void>;
  readonly run: MakeOptions['run'];
  /** When nothing is computed any more that a change would spoil. */
  settled(): Promise<void>;
  /** Writes a checkpoint. */
  save(): Promise<void>;
  /** Begins to compare its gradients; `abort` ends that. */
  check(made: Made, text: ModelText): Promise<{ readonly gate?: Promise<Gate>; abort(): void }>;
  /** It is what trains and is looked at from here on. */
  take(made: Made, changes: ModelChange[]): Promise<void>;
}

/** Changes of a live run's model by its file, and those that come again where a run goes on from a checkpoint before them. */
export class ModelChanges {
  /** What trains after each, by how many came before. */
  readonly #works = new Map<number, Work>();
  #busy = false;
  /** Takes over when the loop that is there has ended. */
  #next: Begun | undefined;
  /** Why one could not be made again. */
  failed: unknown;
  /** The last one's gradients are being compared. */
  unproven = false;

  constructor(private readonly session: ChangedSession) {}

  keep({ work, trainer }: Made): void { this.#works.set(trainer.revision, work); }
  workOf(revision: number): Work | undefined { return this.#works.get(revision); }
  get isReady(): boolean { return this.#next !== undefined; }
  takeNext(): Begun | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }

  /** The one to be made again before the step after the trainer's. */
  due({ revision, step }: Trainer): ModelChange | undefined {
    const change = this.session.manifest().changes?.[revision];
    return change && change.step <= step + 1 ? change : undefined;
  }

  /** Makes one again; what goes wrong ends the training. */
  repeat(now: Begun, change: ModelChange): void {
    this.#busy = true;
    void now.trainer.atRest(async () => {
      const verdict = await now.gate;
      if (verdict && 'passed' in verdict && !verdict.passed) return; // that ends the training
      await this.session.settled();
      await this.#apply(now, textOf(this.session.manifest(), now.trainer.revision + 1), change);
    }).catch((error: unknown) => {
      if (this.session.ending()) return;
      this.failed = error;
      now.trainer.stop();
    }).finally(() => { this.#busy = false; });
  }

  /** The text of the model file takes over at the next step that it can, with the weights and the optimizer as they are. @throws in a sentence; then training goes on as it was */
  async apply(): Promise<ChangeResult> {
    this.session.begun();
    if (this.#busy) throw new Error('The model is being changed already.');
    this.#busy = true;
    try {
      for (let tried: string | undefined; ;) {
        await this.session.proven();
        await this.session.settled();
        const now = this.session.begun();
        const { modelFile, modelName } = this.session.manifest();
        const source = await readFile(modelFile, 'utf8');
        if (source === textOf(this.session.manifest()).source) throw new Error('The model file is as this run has it. Save it first if you changed it.');
        const { dataset } = now.work;
        if (source !== tried) await tryModel(this.session.origin({ source, modelFile }), { modelFile, modelName, source, imageShape: [...dataset.imageShape], data: factsOf(dataset) });
        tried = source;
        const result = await now.trainer.atRest(async () => (this.session.isProven() ? this.#apply(now, { source, modelFile }) : undefined)); // at rest nothing would be compared
        if (result) return result;
      }
    } finally {
      this.#busy = false;
    }
  }

  async #apply(now: Begun, text: ModelText, known?: ModelChange): Promise<ChangeResult> {
    const { trainer } = now;
    const { session } = this;
    const { changes = [], ...manifest } = session.manifest();
    const { made, what, asked, notice } = await makeChanged({
      now, asked: changes[trainer.revision - 1]?.asked ?? session.asked, origin: session.origin(text), run: session.run, refused: refusedIn(manifest),
      exclusive: (work) => trainer.exclusive(work), before: async () => { if (!known) await session.save(); },
    });
    const checked = await session.check(made, text).catch((error: unknown) => { made.program.dispose(); throw error; });
    try {
      await session.settled();
      if (session.ending()) throw new Error('Training ended before.');
    } catch (error) {
      checked.abort();
      made.program.dispose();
      throw error;
    }
    const step = trainer.step + 1;
    const change: ModelChange = { step, seconds: trainer.getState().seconds, what: [...what], source: text.source, asked, marks: known?.marks ?? session.history.marks.length, ...(known?.file === undefined ? {} : { file: known.file }) };
    if (trainer.paused) made.trainer.pause();
    const told = session.manifest().changes ?? []; // the file may have been moved meanwhile
    await session.take(made, [...told.slice(0, trainer.revision), change, ...(known ? told.slice(trainer.revision + 1) : [])]);
    this.unproven = checked.gate !== undefined;
    this.#next = { ...made, gate: checked.gate };
    trainer.stop();
    return { step, what: change.what, ...(notice === undefined ? {} : { notice }) };
  }
}
