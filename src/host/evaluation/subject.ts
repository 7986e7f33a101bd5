import type { EvaluationOptions } from '../../protocol/evaluation';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import type { VaeModel } from '../../vae/model';
import type { Dataset } from '../datasets/index';
import type { Batch, Program } from '../engines/index';
import type { RunPrior } from '../prior/runPrior';
import { randomOf } from '../datasets/split';
import type { Random } from '../training/random';

/** What is evaluated, and how its work is fitted in between that of others. */
export interface Subject {
  readonly program: Program;
  readonly dataset: Dataset;
  readonly model: VaeModel;
  /** What samples are drawn from. */
  readonly prior: RunPrior;
  readonly hyperparameters: HyperparameterValues;
  /** Runs work on the program when nothing else does. @throws when the evaluation was cancelled */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  /** Examples evaluated. */
  readonly count: number;
  readonly options: Pick<EvaluationOptions, 'split' | 'k' | 'seed'>;
  /** Of the metric that is being computed. */
  readonly onProgress: (fraction: number) => void;
}

/** Independent generators of an evaluation from its seed. */
export const EvaluationStream = { draws: 61, weights: 62, objective: 63 } as const;
/** A generator for one example: its noise is the same however examples are put into batches. */
export const noiseOf = ({ options: { seed } }: Pick<Subject, 'options'>, stream: number, index: number): Random => randomOf(seed, stream, index);

/** Examples a call of the engine. */
const BATCH = 64;
/** The examples in batches, one after another. */
export function* batchesOf({ dataset, options: { split }, count, onProgress }: Subject, size = BATCH): Generator<{ readonly from: number; readonly batch: Batch }> {
  for (let from = 0; from < count; from += size) {
    onProgress(from / count);
    yield { from, batch: dataset.batch(split, Array.from({ length: Math.min(size, count - from) }, (_, i) => from + i)) };
  }
}
