import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { DataError } from './dataset';

export interface DownloadOptions {
  /** Addresses ending in '/', tried in order. */
  readonly mirrors: readonly string[];
  /** Name on the mirror, such as `t10k-images-idx3-ubyte.gz`. */
  readonly file: string;
  /** Of the unpacked bytes. */
  readonly md5: string;
  readonly folder: string;
  readonly onProgress?: ((what: string, fraction?: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A mirror that sends nothing for so long is given up. */
  readonly idleMs?: number;
}
const ATTEMPTS_A_MIRROR = 2;
const sizeOf = (file: string): Promise<number> => stat(file).then((s) => s.size, () => 0);
export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/**
 * Fetches a .gz file, checks it unpacked and keeps it unpacked in `folder`. A cut transfer goes on from where it stopped
 * (HTTP Range on the .part file), then on the next mirror. @throws DataError telling what each mirror said; AbortError when cancelled.
 */
export async function download(options: DownloadOptions): Promise<Uint8Array> {
  const { mirrors, file, folder, signal } = options;
  const part = path.join(folder, `${file}.part`);
  const target = path.join(folder, file.replace(/\.gz$/, ''));
  const failures: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new DataError(`The data folder ${folder} cannot be made: ${sentence(error)}`);
  }
  for (const mirror of mirrors) {
    for (let attempt = 0; attempt < ATTEMPTS_A_MIRROR; attempt++) {
      signal?.throwIfAborted();
      try {
        await transfer(`${mirror}${file}`, part, options);
        const bytes = unpack(await readFile(part));
        if (md5(bytes) !== options.md5) throw new Error('the checksum is wrong');
        await writeFile(`${target}.new`, bytes);
        await rename(`${target}.new`, target);
        await rm(part, { force: true });
        return bytes;
      } catch (error) {
        signal?.throwIfAborted();
        if (isDiskError(error)) throw new DataError(`${file} cannot be written into ${folder}: ${sentence(error)}`);
        if (!(error instanceof CutError)) await rm(part, { force: true });
        failures.push(`${mirror}: ${sentence(error)}`);
        if (error instanceof StatusError) break;
      }
    }
  }
  throw new DataError(`${file} could not be downloaded. ${[...new Set(failures)].join('; ')}. Check the network, name a mirror that is reached in "vaeLab.dataMirrors" or VAE_LAB_MIRRORS, or put the four MNIST files into a folder and name it in "vaeLab.dataFolder" or VAE_LAB_DATA.`);
}

class StatusError extends Error {}
/** What has come so far is good. */
class CutError extends Error {}
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const isDiskError = (error: unknown): boolean => ['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EPERM', 'EISDIR'].includes(String(codeOf(error)));
/** `fetch` says only that it failed; its cause says why. */
const sentence = (error: unknown): string => (!(error instanceof Error) ? String(error) : error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message);

function unpack(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed);
  } catch {
    throw new Error('what came is not a gzip file');
  }
}

async function transfer(address: string, part: string, { file, onProgress, signal, idleMs = 30_000 }: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  const idle = new AbortController();
  let timer = setTimeout(() => { idle.abort(); }, idleMs);
  const either = signal ? AbortSignal.any([signal, idle.signal]) : idle.signal;
  try {
    // identity: else fetch would unpack, and ranges would count other bytes
    const response = await fetch(address, { signal: either, headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) } });
    if (response.status === 416) throw new Error('what was kept of an earlier transfer does not fit; it was thrown away');
    if (!response.ok || !response.body) throw new StatusError(`answered ${response.status} ${response.statusText}`.trim());
    const resumed = response.status === 206;
    const start = resumed ? have : 0;
    const total = start + Number(response.headers.get('content-length') ?? NaN);
    let done = start;
    const body = response.body;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])) {
          if (!(chunk instanceof Uint8Array)) continue;
          done += chunk.length;
          clearTimeout(timer);
          timer = setTimeout(() => { idle.abort(); }, idleMs);
          onProgress?.(`Downloading ${file}`, Number.isFinite(total) && total > 0 ? Math.min(1, done / total) : undefined);
          yield chunk;
        }
      } catch (error) {
        throw new CutError(`the connection was cut after ${done} bytes (${sentence(error)})`);
      }
    }
    await pipeline(Readable.from(chunks()), createWriteStream(part, { flags: resumed ? 'a' : 'w' }));
    if (Number.isFinite(total) && done < total) throw new CutError(`the connection was cut after ${done} of ${total} bytes`);
  } catch (error) {
    if (idle.signal.aborted) throw new CutError(`sent nothing for ${idleMs / 1000} seconds`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
