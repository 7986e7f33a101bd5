import type { Evaluation, EvaluationOptions, Pairs } from '../../protocol/evaluation';
import type { Manifest } from '../../protocol/run';
import type { RunEvaluations } from '../../runs/evaluations';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import type { VaeModel } from '../../vae/model';
import { DataError, type Dataset } from '../datasets/index';
import type { Program } from '../engines/index';
import { picturesOf } from '../pictures';
import type { RunPrior } from '../prior/runPrior';
import { SHOWN } from './comparedWithData';
import { evaluate } from './evaluate';

export interface EvaluatedRun {
  readonly program: Program;
  readonly dataset: Dataset;
  readonly model: VaeModel;
  readonly prior: RunPrior;
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly step: () => number;
  readonly hyperparameters: () => HyperparameterValues;
  readonly manifest: () => Pick<Manifest, 'id' | 'modelName' | 'engine' | 'device'>;
  readonly kept: RunEvaluations;
  readonly tell: (what: string, fraction: number) => void;
  /** Lets training wait; gives what lets it go on. */
  readonly hold: () => () => void;
}
/** Progress is told so often. */
const TELL_EVERY_MS = 100;

/** The evaluations of one run: one at a time, each of the weights of one step. */
export class Evaluations {
  #cancel: AbortController | undefined;
  #running: Promise<unknown> | undefined;
  constructor(readonly run: EvaluatedRun) {}

  get busy(): boolean { return this.#cancel !== undefined; }

  /** Resolves when none is under way. */
  async settled(): Promise<void> { await this.#running?.catch(() => undefined); }

  /** Ends the one under way. */
  cancel(): void { this.#cancel?.abort(); }

  /** @throws Error in a sentence: another is under way, it was cancelled, the split is empty, or the model trained on */
  async evaluate(options: EvaluationOptions): Promise<{ evaluation: Evaluation; pairs?: Pairs }> {
    if (this.#cancel) throw new Error('An evaluation of this run is under way already.');
    const { signal } = this.#cancel = new AbortController();
    const goOn = this.run.hold();
    try {
      const running = this.#running = this.#evaluate(options, signal);
      return await running;
    } finally {
      this.#cancel = undefined;
      goOn();
    }
  }

  async #evaluate(options: EvaluationOptions, signal: AbortSignal): Promise<{ evaluation: Evaluation; pairs?: Pairs }> {
    const { program, dataset, model, prior, exclusive, hyperparameters, kept, tell } = this.run;
    const began = performance.now();
    const available = { train: dataset.trainCount, validation: dataset.validationCount, test: dataset.testCount }[options.split];
    if (available === 0) throw new DataError(`${dataset.name} has no ${options.split} examples.`);
    if (options.split === 'train' && dataset.training.examples.kind === 'generated') throw new DataError('Training examples that a generator makes as they are needed cannot be evaluated again.');
    const step = await exclusive(() => Promise.resolve(this.run.step())); // after the step that is under way
    let told = { what: '', at: -Infinity };
    const { metrics, pairs: found } = await evaluate({
      program, dataset, model, prior, options, hyperparameters: hyperparameters(), count: Math.min(options.examples ?? available, available),
      exclusive: async (work) => {
        await new Promise<void>((resolve) => { setImmediate(resolve); }); // some engines never wait: requests, such as to cancel, are read here
        return exclusive(() => {
          if (signal.aborted) throw new Error('The evaluation was cancelled.');
          if (this.run.step() !== step) throw new Error('The model trained on while it was evaluated. Pause the training, and evaluate again.');
          return work();
        });
      },
    }, (what, fraction) => {
      if (what === told.what && performance.now() - told.at < TELL_EVERY_MS) return;
      told = { what, at: performance.now() };
      tell(what, fraction);
    });
    const wrong = metrics.find(({ value }) => !Number.isFinite(value));
    if (wrong) throw new Error(`The evaluation gave a number that is not finite (${wrong.name}).`);
    const { id: run, modelName, engine, device } = this.run.manifest();
    const at = new Date().toISOString();
    const evaluation: Evaluation = {
      schemaVersion: 1, id: at.replace(/[^\d]/g, ''), run, model: modelName, step, at, engine, device, seconds: (performance.now() - began) / 1000, metrics, ...(found ? { pairs: [...found.found] } : {}),
    };
    const pairs = found && { samples: picturesOf(found.samples, SHOWN, dataset.imageShape), nearest: picturesOf(found.nearest, SHOWN, dataset.imageShape) };
    await kept.save(evaluation, pairs);
    return { evaluation, ...(pairs ? { pairs } : {}) };
  }
}
