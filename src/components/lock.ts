import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { clearStale, createFile } from '../files/claimedFile';
import { codeOf } from './setUpError';

const holderSchema = z.object({ pid: z.number().int(), host: z.string() });
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when someone else holds the lock. */
  readonly onWait?: () => void;
  /** The holder touches the lock so often, and a lock not touched for twelve times as long is nobody's. */
  readonly beatMs?: number;
}
function readHolder(text: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch { return undefined; }
}
const alive = (pid: number): boolean => { try { process.kill(pid, 0); return true; } catch (error) { return codeOf(error) === 'EPERM'; } };

/** A lock whose holder is gone: its process ended (as far as this machine can tell), or did not touch it for long. */
async function stale(lock: string, maxAgeMs: number): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(lock)).mtimeMs;
    const holder = readHolder(await readFile(lock, 'utf8'));
    return age > maxAgeMs || (holder?.host === os.hostname() && !alive(holder.pid)); // without a holder: it is being written
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Does the work while no other process that uses the same lock does. Waits for its turn. @throws AbortError */
export async function withLock<T>(lock: string, work: () => Promise<T>, { signal, onWait, beatMs = 5000 }: LockOptions = {}): Promise<T> {
  await mkdir(path.dirname(lock), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, host: os.hostname(), id: randomUUID() });
  const maxAgeMs = beatMs * 12;
  for (let waited = false; !(await createFile(lock, own));) {
    signal?.throwIfAborted();
    if (await stale(lock, maxAgeMs)) await clearStale(lock, () => stale(lock, maxAgeMs), maxAgeMs);
    else {
      if (!waited) onWait?.();
      waited = true;
      await delay(Math.min(beatMs, 500), undefined, { signal });
    }
  }
  const beat = setInterval(() => { utimes(lock, new Date(), new Date()).catch(() => undefined); }, beatMs);
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    clearInterval(beat);
    if (await readFile(lock, 'utf8').catch(() => '') === own) await rm(lock, { force: true });
  }
}
