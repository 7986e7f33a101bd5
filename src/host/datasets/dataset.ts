import type { Batch, DataFacts, ImageShape } from '../engines/engine';

export interface Dataset {
  readonly name: string;
  /** Height, width, channels. */
  readonly imageShape: ImageShape;
  readonly trainCount: number;
  readonly testCount: number;
  /** Examples by index, values in [0, 1]. */
  batch(split: 'train' | 'test', indices: readonly number[]): Batch;
  /** The examples as they are kept, 8 bits a value, one after another. */
  bytes(split: 'train' | 'test'): Uint8Array;
  /** How many classes the labels have; absent where there are no labels. */
  readonly classes?: number;
  /** Classes by index, counted from 0. */
  labels?(split: 'train' | 'test', indices: readonly number[]): Int32Array;
}
/** What a model is told of its data when it is built. */
export const factsOf = ({ trainCount, classes }: Dataset): DataFacts => ({ trainCount, ...(classes === undefined ? {} : { classes }) });


/** Data that cannot be had or read; the message names the file or address. */
export class DataError extends Error {
  override readonly name: string = 'DataError';
}

/** A data set of 8-bit images held in memory. */
export class ByteDataset implements Dataset {
  readonly trainCount: number;
  readonly testCount: number;
  readonly #bytes: { train: Uint8Array; test: Uint8Array };
  readonly #size: number;

  constructor(readonly name: string, readonly imageShape: ImageShape, train: Uint8Array, test: Uint8Array) {
    this.#size = imageShape[0] * imageShape[1] * imageShape[2];
    this.#bytes = { train, test };
    this.trainCount = train.length / this.#size;
    this.testCount = test.length / this.#size;
  }

  bytes(split: 'train' | 'test'): Uint8Array { return this.#bytes[split]; }

  batch(split: 'train' | 'test', indices: readonly number[]): Batch {
    const source = this.#bytes[split];
    const size = this.#size;
    const data = new Float32Array(indices.length * size);
    indices.forEach((index, i) => {
      const from = index * size;
      if (!Number.isInteger(index) || from < 0 || from + size > source.length) throw new RangeError(`${this.name} has no ${split} example ${index}; there are ${source.length / size}.`);
      for (let k = 0; k < size; k++) data[i * size + k] = (source[from + k] ?? 0) / 255;
    });
    return { count: indices.length, data };
  }
}
