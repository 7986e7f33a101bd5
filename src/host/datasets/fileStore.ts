import { createHash } from 'node:crypto';
import { fstatSync, openSync, read as readFrom, readSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../../protocol/errorText';
import { DataError } from './dataError';
import type { Store } from './store';
import { bytesOf, toUnit, type Scale } from './values';

const readAsync = promisify(readFrom);
/** Files up to this size are hashed whole; of larger ones, pieces of `PIECE` bytes at equal distances, and the size. */
const HASHED_WHOLE = 1 << 30;
const PIECE = 1 << 16;
const PIECES = 4096;

export interface FileRows {
  readonly file: string;
  /** Where the first example begins, in bytes. */
  readonly offset: number;
  readonly count: number;
  /** Values an example. */
  readonly size: number;
  readonly scale: Scale;
  /** SHA-256 of the content, where it is known already. */
  readonly hash?: string;
}

/** Examples of equal size one after another in a file, read as they are needed: nothing is kept, the system's file cache does that. The file stays open as long as the process. */
export class FileStore implements Store {
  readonly count: number;
  readonly #rows: FileRows;
  readonly #rowBytes: number;
  readonly #handle: number;

  /** @throws DataError where the file cannot be read, or is cut short */
  constructor(rows: FileRows) {
    this.#rows = rows;
    this.count = rows.count;
    this.#rowBytes = rows.size * bytesOf[rows.scale.kind];
    try {
      this.#handle = openSync(rows.file, 'r');
    } catch (error) {
      throw new DataError(`${rows.file} cannot be read: ${errorText(error)}`);
    }
    const [have, wanted] = [fstatSync(this.#handle).size, rows.offset + rows.count * this.#rowBytes];
    if (have < wanted) throw new DataError(`${rows.file} is cut short: its header tells of ${wanted} bytes, and there are ${have}.`);
  }

  #place(index: number): number { return this.#rows.offset + index * this.#rowBytes; }
  #convert(index: number, read: number, raw: Uint8Array, into: Float32Array, at: number): void {
    const example = (): string => `${path.basename(this.#rows.file)}, example ${index}`;
    if (read !== raw.length) throw new DataError(`${this.#rows.file} has become shorter while it was used.`);
    toUnit(raw, this.#rows.scale, into, at, example);
  }

  read(index: number, into: Float32Array, at: number): void {
    const raw = new Uint8Array(this.#rowBytes);
    this.#convert(index, readSync(this.#handle, raw, 0, raw.length, this.#place(index)), raw, into, at);
  }

  async fetch(indices: ArrayLike<number>, into: Float32Array): Promise<void> {
    await Promise.all(Array.from(indices, async (index, i) => {
      const raw = new Uint8Array(this.#rowBytes);
      const { bytesRead } = await readAsync(this.#handle, raw, 0, raw.length, this.#place(index));
      this.#convert(index, bytesRead, raw, into, i * this.#rows.size);
    }));
  }

  async hash(): Promise<string> {
    if (this.#rows.hash !== undefined) return this.#rows.hash;
    const hash = createHash('sha256');
    const { size } = fstatSync(this.#handle);
    const [step, length] = size <= HASHED_WHOLE ? [1 << 20, 1 << 20] : [Math.floor(size / PIECES), PIECE];
    if (length !== step) hash.update(`pieces of ${size} bytes`);
    const raw = new Uint8Array(length);
    for (let at = 0; at < size; at += step) {
      const { bytesRead } = await readAsync(this.#handle, raw, 0, length, at);
      hash.update(raw.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  }
}
