import { Random } from '../../../training/random';
import type { NativeFloats, NativeMemory } from './memory';

const WORDS = 16;
/** State of a generator as JSON. */
export type NativeRandomState = readonly number[];

/**
 * A seeded generator filling buffers in WebAssembly, some twenty times as fast as `Random` one by one: four interleaved xoshiro128** and Box and Muller's method in single
 * precision. The same on every machine. A call that does not fill a multiple of 8 normals (4 uniforms) drops the rest of the last draw, so the values depend on how
 * they are asked for; the state after a call says all about the calls to come.
 */
export class NativeRandom {
  readonly #memory: NativeMemory;
  readonly #words: Uint32Array;
  readonly #address: number;
  /** Bytes of memory that a generator takes. */
  static readonly SIZE = WORDS * Uint32Array.BYTES_PER_ELEMENT;

  /** `stream` gives independent generators from one seed. */
  constructor(memory: NativeMemory, seed: number, stream = 0) {
    const { address, values } = memory.bytes(NativeRandom.SIZE);
    this.#memory = memory;
    this.#address = address;
    this.#words = new Uint32Array(values.buffer, address, WORDS);
    this.seed(seed, stream);
  }

  /** Starts anew. */
  seed(seed: number, stream = 0): void {
    const random = new Random(seed, stream);
    this.state = Array.from({ length: WORDS }, () => random.uint32());
  }

  get state(): NativeRandomState { return [...this.#words]; }
  /** @throws RangeError unless it is a state: 16 whole numbers below 2^32. */
  set state(words: NativeRandomState) {
    if (words.length !== WORDS || words.some((word) => word >>> 0 !== word)) throw new RangeError('A random state is 16 whole numbers below 2^32.');
    this.#words.set(words);
  }

  /** Uniform in [0, 1), multiples of 2^-24. */
  uniforms({ address, values }: NativeFloats): void { this.#memory.kernels.uniforms(this.#address, address, values.length); }

  /** Standard normals, no farther from 0 than 6.67. */
  normals({ address, values }: NativeFloats): void { this.#memory.kernels.normals(this.#address, address, values.length); }

  /** Draws each of the values, which are from 0 to 1, as 1 with itself as chance, else as 0. */
  binarize({ address, values }: NativeFloats): void { this.#memory.kernels.binarize(this.#address, address, values.length); }
}
