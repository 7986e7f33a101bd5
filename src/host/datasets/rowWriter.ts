import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { errorText } from '../../protocol/errorText';
import { DataError } from './dataError';
import { FileStore } from './fileStore';
import { cacheFolder, memoryLimitOf, type LoadOptions } from './loadOptions';
import type { Store } from './store';
import { storeOf, type Scale } from './values';

const FLUSHED_AT = 8 * 1024 * 1024;

/** Takes rows of bytes one after another: in memory up to a limit, in a file beyond. */
class RowWriter {
  #buffer: Uint8Array = new Uint8Array(1 << 16);
  #used = 0;
  #bytes = 0;
  #handle: FileHandle | undefined;
  readonly #hash: Hash = createHash('sha256');

  constructor(private readonly file: string, private readonly memoryLimit: number) {}

  get bytes(): number { return this.#bytes; }
  /** Whether they are in the file. */
  get inFile(): boolean { return this.#handle !== undefined; }

  async append(row: Uint8Array): Promise<void> {
    this.#bytes += row.length;
    if (!this.#handle && this.#bytes > this.memoryLimit) {
      await mkdir(path.dirname(this.file), { recursive: true });
      this.#handle = await open(this.file, 'w');
    }
    if (this.#used + row.length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(this.#used + row.length, Math.min(2 * this.#buffer.length, this.memoryLimit)));
      grown.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = grown;
    }
    this.#buffer.set(row, this.#used);
    this.#used += row.length;
    if (this.#handle && this.#used >= FLUSHED_AT) await this.#flush();
  }

  async #flush(): Promise<void> {
    this.#hash.update(this.#buffer.subarray(0, this.#used));
    await this.#handle?.writeFile(this.#buffer.subarray(0, this.#used));
    this.#buffer = new Uint8Array(FLUSHED_AT);
    this.#used = 0;
  }

  /** What is in memory; nothing where it is in the file. */
  async end(): Promise<Uint8Array> {
    if (!this.#handle) return this.#buffer.slice(0, this.#used);
    await this.#flush();
    await this.#handle.close();
    return new Uint8Array(0);
  }
  hash(): string { return this.#hash.digest('hex'); }
  async discard(): Promise<void> {
    await this.#handle?.close().catch(() => undefined);
    await rm(this.file, { force: true });
  }
}

export interface RowsOptions<T> {
  readonly load: LoadOptions;
  readonly name: string;
  /** What the rows depend on: files, their sizes and times, options. Rows that went to a file are found again by it. */
  readonly key: unknown;
  /** What is known of the rows besides, and kept with them. */
  readonly info: z.ZodType<T>;
  /** Gives the rows to `append`, all of one length. */
  readonly make: (append: (row: Uint8Array) => Promise<void>) => Promise<T>;
  /** How the rows are to be read. */
  readonly scale: (info: T) => Scale;
  /** Values a row. */
  readonly size: (info: T) => number;
}

/** Makes a store of rows that are read from somewhere once: decoded, parsed or unpacked. @throws what `make` throws; DataError where the cache cannot be written */
export async function rowsOf<T>({ load, name, key, info: schema, make, scale, size }: RowsOptions<T>): Promise<{ store: Store; info: T }> {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32);
  const file = path.join(cacheFolder(load), 'prepared', `${digest}.rows`);
  const besides = path.join(cacheFolder(load), 'prepared', `${digest}.json`);
  const kept = z.object({ count: z.number().int(), hash: z.string(), info: schema });
  const stored = ({ count, hash, info }: { count: number; hash: string; info: T }) => ({ store: new FileStore({ file, offset: 0, count, size: size(info), scale: scale(info), hash }), info });
  if (existsSync(file) && existsSync(besides)) {
    const found = kept.safeParse(JSON.parse(await readFile(besides, 'utf8')));
    if (found.success) return stored(found.data);
  }
  const writer = new RowWriter(`${file}.${process.pid}.part`, memoryLimitOf(load));
  try {
    let rows = 0;
    const info = await make(async (row) => { rows++; await writer.append(row); });
    const memory = await writer.end();
    if (!writer.inFile) return { store: storeOf(memory, scale(info), size(info), name), info };
    const entry = { count: rows, hash: writer.hash(), info };
    await rename(`${file}.${process.pid}.part`, file);
    await writeFile(besides, JSON.stringify(entry));
    return stored(entry);
  } catch (error) {
    await writer.discard();
    if (error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM'].includes(String(error.code))) throw new DataError(`${name} does not fit into memory, and cannot be kept in ${path.dirname(file)}: ${errorText(error)}. Make room, or name another folder in "vaeLab.dataFolder".`);
    throw error;
  }
}
