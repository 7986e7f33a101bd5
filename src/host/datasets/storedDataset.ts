import { createHash } from 'node:crypto';
import type { DataSummary } from '../../protocol/run';
import { corruptionInWords, type Preparation } from '../../vae/data/index';
import type { Batch, ImageShape } from '../engines/engine';
import { sizeOf } from '../engines/sizeOf';
import { corrupt, drawsOf } from './corrupt';
import { DataError } from './dataError';
import type { Dataset, Factors, Split, TrainingSource } from './dataset';
import { leftOutOf } from './leaveOut';
import { DataStream, randomOf, splitExamples } from './split';
import { binarize, binarizedStore, type Store } from './store';

export interface StoredOptions {
  readonly name: string;
  readonly imageShape: ImageShape;
  readonly preparation: Preparation;
  readonly train: Store;
  /** A store of its own, or how many, or what share, of `train`. */
  readonly test: Store | number;
  /** Of the examples of each store, counted from 0. */
  readonly labels?: { readonly names: readonly string[]; readonly train: Int32Array; readonly test: Int32Array | undefined } | undefined;
  /** Of the examples of each store, [examples, names]. */
  readonly factors?: { readonly names: readonly string[]; readonly train: Float32Array; readonly test: Float32Array } | undefined;
  readonly notices?: readonly string[] | undefined;
}
/** Examples of a store. */
interface Part { readonly store: Store; readonly rows: Uint32Array | undefined; readonly ofTest: boolean; readonly count: number }

/** A data set whose examples can be taken by index, in memory or in a file. */
export class StoredDataset implements Dataset {
  readonly name: string;
  readonly imageShape: ImageShape;
  readonly heldOut: Dataset['heldOut'];
  readonly classes?: number;
  readonly classNames?: readonly string[];
  readonly labels?: (split: Split, indices: readonly number[]) => Int32Array;
  readonly factors?: Factors;
  readonly notices?: readonly string[];
  readonly #parts: { readonly [S in Split]: Part };
  readonly #preparation: Preparation;
  readonly #size: number;
  readonly #labels: StoredOptions['labels'];
  readonly #leftOut: readonly string[];
  #summary: Promise<DataSummary> | undefined;

  /** @throws DataError where a split is empty, or nothing is left of a corrupted image */
  constructor({ name, imageShape, preparation, train, test, labels, factors, notices }: StoredOptions) {
    this.name = name;
    this.imageShape = imageShape;
    this.#preparation = preparation;
    this.#size = sizeOf(imageShape);
    for (const one of preparation.corruption) {
      if (one.kind === 'maskBox' && one.height >= imageShape[0] && one.width >= imageShape[1]) throw new DataError(`maskBox() of ${one.height} x ${one.width} pixels covers all of an image, which has ${imageShape[0]} x ${imageShape[1]}. Give it less.`);
    }
    const { binarization, validation, seed } = preparation;
    const left = leftOutOf(name, preparation.leaveOut, labels);
    this.#leftOut = left.names;
    const split = left.without(splitExamples(train.count, typeof test === 'number' ? test : 0, validation, seed, name), train.count);
    const drawn = (store: Store, stream: number): Store => (binarization === 'static' ? binarizedStore(store, this.#size, store.fetch === undefined, (index) => randomOf(seed, stream, index)) : store);
    const [trainStore, testStore] = [drawn(train, DataStream.train), typeof test === 'number' ? undefined : drawn(test, DataStream.test)];
    this.#parts = {
      train: { store: trainStore, rows: split.train, ofTest: false, count: split.train?.length ?? trainStore.count },
      validation: { store: trainStore, rows: split.validation, ofTest: false, count: split.validation.length },
      test: testStore ? { store: testStore, rows: undefined, ofTest: true, count: testStore.count } : { store: trainStore, rows: split.test, ofTest: false, count: split.test.length },
    };
    const held = split.validation.length > 0 ? 'validation' : 'test';
    this.heldOut = { split: held, count: this.#parts[held].count };
    if (labels) {
      this.#labels = labels;
      this.classNames = labels.names;
      this.classes = labels.names.length;
      this.labels = (of, indices) => this.#labelsOf(labels, of, indices);
    }
    if (factors) this.factors = { names: factors.names, values: (of, indices) => this.#factorsOf(factors, of, indices) };
    if (notices && notices.length > 0) this.notices = notices;
  }

  get trainCount(): number { return this.#parts.train.count; }
  get validationCount(): number { return this.#parts.validation.count; }
  get testCount(): number { return this.#parts.test.count; }

  get training(): TrainingSource {
    const { store, rows } = this.#parts.train;
    const { binarization, corruption } = this.#preparation;
    return { examples: { kind: 'stored', store, rows, labels: this.#labels?.train }, binarize: binarization === 'dynamic', corruption };
  }

  /** The index in the store. */
  #row(split: Split, index: number): number {
    const { rows, count } = this.#parts[split];
    if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`${this.name} has no ${split} example ${index}; there are ${count}.`);
    return rows?.[index] ?? index;
  }

  batch(split: Split, indices: readonly number[]): Batch {
    const { store, ofTest } = this.#parts[split];
    const { binarization, corruption, seed } = this.#preparation;
    const size = this.#size;
    const data = new Float32Array(indices.length * size);
    const rows = indices.map((index) => this.#row(split, index));
    rows.forEach((row, i) => {
      store.read(row, data, i * size);
      if (binarization === 'dynamic') binarize(data, i * size, size, randomOf(seed, ofTest ? DataStream.test : DataStream.train, row));
    });
    const of = ofTest ? this.#labels?.test : this.#labels?.train;
    const batch: Batch = { count: indices.length, data, ...(of ? { labels: Int32Array.from(rows, (row) => of[row] ?? -1) } : {}) };
    if (corruption.length === 0) return batch;
    const corrupted = data.slice();
    rows.forEach((row, i) => {
      const random = randomOf(seed, ofTest ? DataStream.corruptTest : DataStream.corruptTrain, row);
      for (const one of corruption) {
        const { kind, count } = drawsOf(one, this.imageShape);
        const draws = kind === 'normals' ? random.normals(count) : Float32Array.from({ length: count }, () => random.uniform());
        corrupt(one, corrupted.subarray(i * size, (i + 1) * size), draws, this.imageShape);
      }
    });
    return { ...batch, corrupted };
  }

  #labelsOf({ train, test }: NonNullable<StoredOptions['labels']>, split: Split, indices: readonly number[]): Int32Array {
    const of = this.#parts[split].ofTest ? test : train;
    if (!of) throw new DataError(`The test examples of ${this.name} have no labels. Name them as "testLabels".`);
    return Int32Array.from(indices, (index) => of[this.#row(split, index)] ?? -1);
  }

  #factorsOf({ names, train, test }: NonNullable<StoredOptions['factors']>, split: Split, indices: readonly number[]): Float32Array {
    const of = this.#parts[split].ofTest ? test : train;
    const values = new Float32Array(indices.length * names.length);
    indices.forEach((index, i) => { values.set(of.subarray(this.#row(split, index) * names.length, (this.#row(split, index) + 1) * names.length), i * names.length); });
    return values;
  }

  summary(): Promise<DataSummary> {
    return this.#summary ??= (async () => {
      const { train, test } = this.#parts;
      const { binarization, validation, corruption, seed } = this.#preparation;
      const contents = await Promise.all([train.store.hash(), test.ofTest ? test.store.hash() : '']);
      const counts = { trainCount: this.trainCount, validationCount: this.validationCount, testCount: this.testCount };
      const prepared = { binarization, corruption: corruption.map(corruptionInWords), ...(this.#leftOut.length === 0 ? {} : { leftOut: [...this.#leftOut] }), ...counts };
      const fingerprint = createHash('sha256').update(JSON.stringify({ contents, shape: this.imageShape, validation, seed, ...prepared })).digest('hex');
      return { name: this.name, fingerprint, ...prepared, heldOut: this.heldOut.split, ...(this.classes === undefined ? {} : { classes: this.classes }), ...(this.notices ? { notices: [...this.notices] } : {}) };
    })();
  }
}
