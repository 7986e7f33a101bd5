import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
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
  readonly sha256: string;
  /** Its exact size, where it is known. */
  readonly bytes?: number | undefined;
  readonly onBytes?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** A server that sends nothing for so long is asked again. */
  readonly idleMs?: number | undefined;
}
const ATTEMPTS = 5;
/** What has come so far is good, and more may come. */
class CutError extends Error {}
const sizeOf = (file: string): Promise<number> => stat(file).then(({ size }) => size, () => 0);
const diskCodes = ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM'];

export async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/**
 * Downloads a file and keeps it if its checksum is right. A cut transfer goes on from where it stopped, also in a later call.
 * @throws SetUpError with a sentence; AbortError when cancelled, what has come so far being kept
 */
export async function fetchFile(options: FetchOptions): Promise<void> {
  const { target, sha256, signal, onBytes } = options;
  const name = path.basename(target);
  const part = `${target}.part`;
  await mkdir(path.dirname(target), { recursive: true });
  if (await sizeOf(target) > 0 && await sha256Of(target, signal) === sha256) { onBytes?.(await sizeOf(target)); return; }
  let failure = '';
  for (let attempt = 0, fresh = (await sizeOf(part)) === 0; attempt < ATTEMPTS; attempt++) {
    signal?.throwIfAborted();
    const before = await sizeOf(part);
    try {
      await transfer(options, part, before);
    } catch (error) {
      signal?.throwIfAborted();
      if (diskCodes.includes(codeOf(error))) throw new SetUpError(`${name} cannot be written into ${path.dirname(target)} (${codeOf(error)}). Make room or correct the permissions, and set up again.`);
      if (!(error instanceof CutError)) throw error;
      failure = error.message;
      if (await sizeOf(part) > before) attempt = 0; // it goes on, if slowly
      continue;
    }
    if (await sha256Of(part, signal) === sha256) { await rename(part, target); return; }
    await rm(part, { force: true });
    // What was kept of an earlier transfer may have been of another file: once more, from the start.
    if (fresh) throw new SetUpError(`The checksum of ${name} from ${shown(options.address)} is wrong, so it was thrown away. Set up again; if it happens again, the server or a proxy changes the file.`);
    fresh = true;
  }
  throw new SetUpError(`${name} could not be downloaded: ${failure}. Check the network and set up again; what has come so far is kept.`);
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
      if (status !== 200 && status !== 206) throw new SetUpError(`${shown(address)} answered ${status}. Check the network, the proxy and the package index, and set up again.`);
      if (/^text\/html/i.test(headers['content-type'] ?? '')) throw new SetUpError(`${shown(address)} answered with a web page instead of the file. Look for a proxy or a network that asks to log in first, and set up again.`);
      done = status === 206 ? have : 0;
      const total = done + Number(headers['content-length'] ?? NaN);
      if (bytes !== undefined && Number.isFinite(total) && total !== bytes) throw new SetUpError(`${shown(address)} offers a file of ${total} bytes instead of ${bytes}. The server or a proxy changes the file.`);
      body.on('data', (chunk: Buffer) => {
        done += chunk.length;
        onBytes?.(done);
        timer.refresh();
      });
      await pipeline(body, createWriteStream(part, { flags: status === 206 ? 'a' : 'w' }));
      if (Number.isFinite(total) && done < total) throw new CutError(`the connection was cut after ${done} of ${total} bytes`);
    } finally {
      body.destroy();
    }
  } catch (error) {
    if (idle.signal.aborted && !signal?.aborted) throw new CutError(`${shown(address)} sent nothing for ${idleMs / 1000} seconds`);
    if (error instanceof SetUpError || error instanceof CutError || diskCodes.includes(codeOf(error))) throw error;
    throw new CutError(answered ? `the connection was cut after ${done} bytes (${errorText(error)})` : `${shown(address)} cannot be reached (${errorText(error)})`);
  } finally {
    clearTimeout(timer);
  }
}
