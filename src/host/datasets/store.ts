import { webcrypto } from 'node:crypto';
import type { Random } from '../training/random';

/** Examples by index, of `size` values each. */
export interface Store {
  readonly count: number;
  /** All of them, 8 bits a value, where they are in memory so: training then gathers its batches in WebAssembly. */
  readonly bytes?: Uint8Array;
  /** Example `index` as values in [0, 1], into `into` from `at` on. @throws DataError naming the example where it cannot be read */
  read(index: number, into: Float32Array, at: number): void;
  /** The same for many, without holding the process up; for what is not in memory. */
  fetch?(indices: ArrayLike<number>, into: Float32Array): Promise<void>;
  /** SHA-256 of the content, in hexadecimal. */
  hash(): Promise<string>;
}

/** In a thread of its own. */
export const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');

/** Each 8-bit value in [0, 1]: to look it up takes a third of the time of dividing. */
const shares = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** 8-bit values in memory. */
export class ByteStore implements Store {
  readonly count: number;
  constructor(readonly bytes: Uint8Array, private readonly size: number) { this.count = bytes.length / size; }
  read(index: number, into: Float32Array, at: number): void {
    const from = index * this.size;
    for (let k = 0; k < this.size; k++) into[at + k] = shares[this.bytes[from + k] ?? 0] ?? 0;
  }
  hash(): Promise<string> { return sha256(this.bytes as Uint8Array<ArrayBuffer>); }
}

/** Values in [0, 1] in memory. */
export class FloatStore implements Store {
  readonly count: number;
  constructor(private readonly values: Float32Array, private readonly size: number) { this.count = values.length / size; }
  read(index: number, into: Float32Array, at: number): void { into.set(this.values.subarray(index * this.size, (index + 1) * this.size), at); }
  hash(): Promise<string> { return sha256(new Uint8Array(this.values.buffer as ArrayBuffer, this.values.byteOffset, this.values.byteLength)); }
}

/** Draws each of `count` values that is neither black nor white as one of them, its brightness being the chance of white. */
export function binarize(values: Float32Array, at: number, count: number, random: Random): void {
  for (let k = at; k < at + count; k++) {
    const chance = values[k] ?? 0;
    if (chance > 0 && chance < 1) values[k] = random.uniform() < chance ? 1 : 0;
  }
}
/** The same of 8-bit values. */
function binarizeBytes(values: Uint8Array, from: number, count: number, random: Random): void {
  for (let k = from; k < from + count; k++) {
    const byte = values[k] ?? 0;
    if (byte > 0 && byte < 255) values[k] = random.uniform() < (shares[byte] ?? 0) ? 255 : 0;
  }
}

/** A store drawn black and white once for all: in memory where the given one is, else as it is read. */
export function binarizedStore(store: Store, size: number, inMemory: boolean, randomOf: (index: number) => Random): Store {
  const read = (index: number, into: Float32Array, at: number): void => {
    store.read(index, into, at);
    binarize(into, at, size, randomOf(index));
  };
  if (inMemory) {
    const bytes = store.bytes?.slice() ?? new Uint8Array(store.count * size);
    const one = new Float32Array(size);
    for (let i = 0; i < store.count; i++) {
      if (store.bytes) { binarizeBytes(bytes, i * size, size, randomOf(i)); continue; }
      read(i, one, 0);
      for (let k = 0; k < size; k++) bytes[i * size + k] = (one[k] ?? 0) * 255;
    }
    const drawn = new ByteStore(bytes, size);
    return { count: drawn.count, bytes, read: (index, into, at) => { drawn.read(index, into, at); }, hash: () => store.hash() };
  }
  return {
    count: store.count, read, hash: () => store.hash(),
    fetch: async (indices, into) => {
      if (store.fetch) await store.fetch(indices, into); else for (let i = 0; i < indices.length; i++) store.read(indices[i] ?? 0, into, i * size);
      for (let i = 0; i < indices.length; i++) binarize(into, i * size, size, randomOf(indices[i] ?? 0));
    },
  };
}
