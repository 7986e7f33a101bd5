import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { httpGet, shown, type GetOptions } from './httpGet';
import { codeOf, SetUpError } from './setUpError';
import { errorText } from '../protocol/errorText';

export interface FetchOptions {
  readonly address: URL | string;
  /** Where the file is kept; what has come so far is beside it as `.part`. */
  readonly target: string;
  /** Whether a file is the wanted one, by its checksum. */
  readonly isRight: (file: string) => Promise<boolean>;
  /** Its exact size, where it is known. */
  readonly bytes?: number | undefined;
  readonly onBytes?: ((done: number, total: number | undefined) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** A server that sends nothing for so long is asked again. */
  readonly idleMs?: number | undefined;
  /** How often a server is asked that cuts connections or is overloaded, unless it goes on a little each time. */
  readonly attempts?: number | undefined;
}
/** `disk`: it cannot be written, the message being the code; `status`: the server has no such file; `network`: tried again in vain; `refused`: a proxy, a certificate or an address, the message being a whole sentence. */
export type FetchFailure = 'disk' | 'status' | 'page' | 'size' | 'checksum' | 'network' | 'refused';
/** Why a file did not come, in the words of a clause; whoever asked for it makes the sentence. */
export class FetchError extends Error {
  constructor(message: string, readonly kind: FetchFailure) { super(message); }
}
/** What has come so far is good, and more may come. */
class CutError extends Error {}
const sizeOf = (file: string): Promise<number> => stat(file).then(({ size }) => size, () => 0);
const diskCodes = ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM', 'EISDIR', 'ENOTDIR', 'EEXIST'];

/**
 * Downloads a file and keeps it if it is right. A cut transfer goes on from where it stopped, also in a later call.
 * @throws FetchError; AbortError when cancelled, what has come so far being kept
 */
export async function fetchFile(options: FetchOptions): Promise<void> {
  try {
    await fetchWhole(options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (diskCodes.includes(codeOf(error))) throw new FetchError(codeOf(error), 'disk');
    if (error instanceof SetUpError) throw new FetchError(error.message, 'refused');
    throw error;
  }
}

async function fetchWhole(options: FetchOptions): Promise<void> {
  const { target, isRight, signal, onBytes, attempts = 5 } = options;
  const part = `${target}.part`;
  await mkdir(path.dirname(target), { recursive: true });
  const there = await sizeOf(target);
  if (there > 0 && await isRight(target)) { onBytes?.(there, there); return; }
  let failure = '';
  for (let attempt = 0, fresh = (await sizeOf(part)) === 0; attempt < attempts; attempt++) {
    signal?.throwIfAborted();
    const before = await sizeOf(part);
    try {
      await transfer(options, part, before);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof CutError)) throw error;
      failure = error.message;
      if (await sizeOf(part) > before) attempt = 0; // it goes on, if slowly
      continue;
    }
    if (await isRight(part)) { await rename(part, target); return; }
    await rm(part, { force: true });
    // What was kept of an earlier transfer may have been of another file: once more, from the start.
    if (fresh) throw new FetchError(`what ${shown(options.address)} sends has another checksum`, 'checksum');
    fresh = true;
  }
  throw new FetchError(failure, 'network');
}

async function transfer({ address, bytes, onBytes, signal, env, idleMs = 30_000 }: FetchOptions, part: string, have: number): Promise<void> {
  const idle = new AbortController();
  let timer = setTimeout(() => { idle.abort(); }, idleMs);
  const options: GetOptions = { env, signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal, headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) } };
  let done = have;
  let answered = false;
  try {
    const { status, headers, body } = await httpGet(address, options);
    answered = true;
    try {
      if (status === 416) { // nothing more to come: the checksum decides
        if (bytes === undefined || have === bytes) return;
        await rm(part, { force: true });
        throw new CutError('what was kept of an earlier download did not fit');
      }
      if (status === 429 || status >= 500) throw new CutError(`${shown(address)} answered ${status}`);
      if (status !== 200 && status !== 206) throw new FetchError(`${shown(address)} answered ${status}`, 'status');
      if (/^text\/html/i.test(headers['content-type'] ?? '')) throw new FetchError(`${shown(address)} answered with a web page instead of the file`, 'page');
      done = status === 206 ? have : 0;
      const total = done + Number(headers['content-length'] ?? NaN);
      if (bytes !== undefined && Number.isFinite(total) && total !== bytes) throw new FetchError(`${shown(address)} offers a file of ${total} bytes instead of ${bytes}`, 'size');
      body.on('data', (chunk: Buffer) => {
        done += chunk.length;
        onBytes?.(done, Number.isFinite(total) ? total : undefined);
        timer.refresh();
      });
      await pipeline(body, createWriteStream(part, { flags: status === 206 ? 'a' : 'w' }));
      if (Number.isFinite(total) && done < total) throw new CutError(`the connection was cut after ${done} of ${total} bytes`);
    } finally {
      body.destroy();
    }
  } catch (error) {
    if (idle.signal.aborted && !signal?.aborted) throw new CutError(`${shown(address)} sent nothing for ${idleMs / 1000} seconds`);
    if (error instanceof SetUpError || error instanceof FetchError || error instanceof CutError || diskCodes.includes(codeOf(error))) throw error;
    throw new CutError(answered ? `the connection was cut after ${done} bytes (${errorText(error)})` : `${shown(address)} cannot be reached (${errorText(error)})`);
  } finally {
    clearTimeout(timer);
  }
}
