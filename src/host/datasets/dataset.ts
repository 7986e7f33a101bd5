import type { DataSummary } from '../../protocol/run';
import type { Corruption } from '../../vae/data/index';
import type { Batch, DataFacts, ImageShape } from '../engines/engine';
import type { GeneratedExamples } from './generated';
import type { Store } from './store';

export { ByteDataset } from './byteDataset';
export { DataError } from './dataError';
export type Split = 'train' | 'validation' | 'test';

/** Known generative factors of the examples. */
export interface Factors {
  readonly names: readonly string[];
  /** [indices, names]. */
  values(split: Split, indices: readonly number[]): Float32Array;
}

/** Where training takes its examples from. Binarization that is drawn anew, and corruption, come on top. */
export interface TrainingSource {
  readonly examples:
    | { readonly kind: 'stored'; readonly store: Store; /** Which of the store's are for training; all where absent. */ readonly rows: Uint32Array | undefined; /** Of the store's examples. */ readonly labels: Int32Array | undefined }
    | { readonly kind: 'generated'; /** Where they have labels. */ readonly classes: number | undefined; readonly start: (seed: number) => GeneratedExamples };
  readonly binarize: boolean;
  readonly corruption: readonly Corruption[];
}

export interface Dataset {
  readonly name: string;
  /** Height, width, channels. */
  readonly imageShape: ImageShape;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  /** What the curves and pictures of a training are of: the validation split where there is one, so that the test set is left alone. */
  readonly heldOut: { readonly split: 'validation' | 'test'; readonly count: number };
  /** Examples by index, values in [0, 1], each time the same: what is random about them is drawn from the data set's seed. */
  batch(split: Split, indices: readonly number[]): Batch;
  /** How many classes the labels have; absent where there are no labels. */
  readonly classes?: number;
  readonly classNames?: readonly string[];
  /** Classes by index, counted from 0. */
  labels?(split: Split, indices: readonly number[]): Int32Array;
  readonly factors?: Factors;
  readonly training: TrainingSource;
  /** What a person should know of it, in sentences: how many files were left out. */
  readonly notices?: readonly string[];
  /** What goes into the run's manifest. Hashes the content the first time. */
  summary(): Promise<DataSummary>;
}
/** What a model is told of its data when it is built: of classes only where the held-out examples have labels too. */
export const factsOf = (dataset: Dataset): DataFacts => ({ trainCount: dataset.trainCount, ...(dataset.classes === undefined || !dataset.batch(dataset.heldOut.split, [0]).labels ? {} : { classes: dataset.classes }) });
