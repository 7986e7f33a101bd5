import { DataError } from './dataError';
import { ByteStore, FloatStore, type Store } from './store';

/** Kinds of numbers that examples are kept as: bytes, booleans (a byte each), 32- and 64-bit floats, little endian. */
export const bytesOf = { u1: 1, b1: 1, f4: 4, f8: 8 } as const;
export type NumberKind = keyof typeof bytesOf;

/** How numbers become values in [0, 1]. */
export interface Scale {
  readonly kind: NumberKind;
  /** What stands for black and white. Default: 0 and 255 for bytes, else 0 and 1. */
  readonly range: readonly [number, number] | undefined;
}
const rangeOf = ({ kind, range }: Scale): readonly [number, number] => range ?? (kind === 'u1' ? [0, 255] : [0, 1]);
const isPlainBytes = (scale: Scale): boolean => scale.kind === 'u1' && rangeOf(scale)[0] === 0 && rangeOf(scale)[1] === 255;

function numbersIn(raw: Uint8Array, kind: NumberKind): ArrayLike<number> {
  switch (kind) {
    case 'u1': case 'b1': return raw;
    case 'f4': return new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4);
    case 'f8': return new Float64Array(raw.buffer, raw.byteOffset, raw.byteLength / 8);
  }
}

/** Raw numbers of one example as values in [0, 1]; `raw` begins at a multiple of 8 in its buffer. @throws DataError for one that is not finite, or out of range */
export function toUnit(raw: Uint8Array, scale: Scale, into: Float32Array, at: number, example: () => string): void {
  const [low, high] = rangeOf(scale);
  const numbers = numbersIn(raw, scale.kind);
  for (let k = 0; k < numbers.length; k++) {
    const number = numbers[k] ?? NaN;
    if (!(number >= low && number <= high)) throw new DataError(`${example()}: value ${k} is ${number}, which is not between ${low} and ${high}. Correct it, or name other bounds as "range".`);
    into[at + k] = (number - low) / (high - low);
  }
}

/** Raw numbers in memory as a store of examples of `size` values. @throws DataError as of `toUnit` */
export function storeOf(raw: Uint8Array, scale: Scale, size: number, name: string): Store {
  if (isPlainBytes(scale)) return new ByteStore(raw, size);
  const rowBytes = size * bytesOf[scale.kind];
  const count = raw.length / rowBytes;
  const values = new Float32Array(count * size);
  const row = new Uint8Array(rowBytes);
  for (let i = 0; i < count; i++) {
    row.set(raw.subarray(i * rowBytes, (i + 1) * rowBytes));
    toUnit(row, scale, values, i * size, () => `${name}, example ${i}`);
  }
  return scale.kind === 'u1' || scale.kind === 'b1' ? asBytes(values, size) : new FloatStore(values, size);
}

/** Whole steps of 1/255 take a quarter of the memory, and are gathered faster. */
function asBytes(values: Float32Array, size: number): Store {
  const bytes = Uint8Array.from(values, (value) => Math.round(value * 255));
  return values.every((value, k) => Math.fround((bytes[k] ?? 0) / 255) === value) ? new ByteStore(bytes, size) : new FloatStore(values, size);
}
