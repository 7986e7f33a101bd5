import type { ExampleGenerator, GeneratedExamples as Given } from '../../vae/data/index';
import { Random } from '../training/random';
import { DataError } from './dataError';
import { DataStream } from './split';

export interface GeneratedOptions {
  readonly make: ExampleGenerator;
  /** `train` or `test`, for messages. */
  readonly part: 'train' | 'test';
  readonly seed: number;
  /** Examples an epoch, and values an example. */
  readonly count: number;
  readonly size: number;
  readonly classes: number | undefined;
}
interface Piece { readonly images: Float32Array; readonly labels: Int32Array | undefined }
type Iterating = Iterator<Given> | AsyncIterator<Given>;

/** The examples that a person's generator gives, in order: epoch after epoch, cut into batches, checked. */
export class GeneratedExamples {
  readonly #options: GeneratedOptions;
  #iterator: Iterating | undefined;
  /** The epoch and the example of it that come next. */
  #epoch = 0;
  #next = 0;
  /** What was given and not yet taken, and how many examples of it were taken. */
  #piece: Piece | undefined;
  #taken = 0;

  constructor(options: GeneratedOptions) { this.#options = options; }

  /** Examples `from` and on of an epoch, into `images` and, where the generator labels its examples, `labels`. Anywhere but where it stands it begins the epoch anew, and passes over what comes before. @throws DataError */
  async take(epoch: number, from: number, images: Float32Array, labels: Int32Array | undefined): Promise<void> {
    if (epoch !== this.#epoch || from !== this.#next || !this.#iterator) await this.#seek(epoch, from);
    const { size } = this.#options;
    const count = images.length / size;
    for (let done = 0; done < count;) {
      const { piece, at, available } = await this.#available();
      const taken = Math.min(available, count - done);
      images.set(piece.images.subarray(at * size, (at + taken) * size), done * size);
      if (labels && piece.labels) labels.set(piece.labels.subarray(at, at + taken), done);
      this.#advance(taken);
      done += taken;
    }
  }

  async #seek(epoch: number, from: number): Promise<void> {
    await this.#iterator?.return?.();
    const { make, seed, count, part } = this.#options;
    const made = make({ random: new Random((seed ^ Math.imul(epoch, 0x85ebca6b)) >>> 0, DataStream.generated), epoch, count });
    const iterable: unknown = made;
    if (typeof iterable !== 'object' || iterable === null) throw new DataError(`generator(): ${part} must give examples one after another: write it as function* or async function*.`);
    if (Symbol.asyncIterator in made) this.#iterator = made[Symbol.asyncIterator]();
    else if (Symbol.iterator in made) this.#iterator = made[Symbol.iterator]();
    else throw new DataError(`generator(): ${part} must give examples one after another: write it as function* or async function*.`);
    [this.#epoch, this.#next, this.#piece, this.#taken] = [epoch, 0, undefined, 0];
    while (this.#next < from) this.#advance(Math.min((await this.#available()).available, from - this.#next));
  }

  #advance(examples: number): void {
    this.#taken += examples;
    this.#next += examples;
  }

  async #available(): Promise<{ piece: Piece; at: number; available: number }> {
    const { size, part, count } = this.#options;
    for (;;) {
      const piece = this.#piece;
      const available = piece ? piece.images.length / size - this.#taken : 0;
      if (piece && available > 0) return { piece, at: this.#taken, available };
      const result = await this.#iterator?.next();
      if (!result || result.done) throw new DataError(`generator(): ${part} ended after ${this.#next} examples of epoch ${this.#epoch}, where ${count} are wanted.`);
      this.#piece = this.#checked(result.value as unknown);
      this.#taken = 0;
    }
  }

  /** @throws DataError naming the example */
  #checked(given: unknown): Piece {
    const { size, part, classes } = this.#options;
    const bare = given instanceof Uint8Array || given instanceof Float32Array;
    const { images, labels } = bare ? { images: given, labels: undefined } : { images: undefined, labels: undefined, ...(typeof given === 'object' ? given : {}) } as { images: unknown; labels: unknown };
    if (!(images instanceof Uint8Array || images instanceof Float32Array)) throw new DataError(`generator(): ${part} must give a Float32Array of values in [0, 1], a Uint8Array, or { images, labels }.`);
    if (images.length === 0 || images.length % size !== 0) throw new DataError(`generator(): ${part} gave ${images.length} values; one example has ${size}.`);
    const first = this.#next;
    const values = images instanceof Uint8Array ? Float32Array.from(images, (byte) => byte / 255) : images;
    const wrong = images instanceof Uint8Array ? -1 : values.findIndex((value) => !(value >= 0 && value <= 1));
    if (wrong >= 0) throw new DataError(`generator(): example ${first + Math.floor(wrong / size)} of ${part}, epoch ${this.#epoch}, has the value ${values[wrong] ?? NaN}, which is not between 0 and 1.`);
    if (classes === undefined) return { images: values, labels: undefined };
    const list = Array.from((labels ?? []) as ArrayLike<unknown>);
    const bad = list.findIndex((label) => typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label >= classes);
    if (list.length !== values.length / size) throw new DataError(`generator(): ${part} gave ${values.length / size} examples with ${list.length} labels.`);
    if (bad >= 0) throw new DataError(`generator(): example ${first + bad} of ${part}, epoch ${this.#epoch}, has the label ${String(list[bad])}; labels are whole numbers from 0 to ${classes - 1}.`);
    return { images: values, labels: Int32Array.from(list as number[]) };
  }
}
