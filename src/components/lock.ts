import { link, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { codeOf } from './setUpError';

const holderSchema = z.object({ pid: z.number().int(), host: z.string() });
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when someone else holds the lock. */
  readonly onWait?: () => void;
  /** The holder touches the lock so often, and a lock not touched for six times as long is nobody's. */
  readonly beatMs?: number;
}
const alive = (pid: number): boolean => { try { process.kill(pid, 0); return true; } catch (error) { return codeOf(error) === 'EPERM'; } };

/** A lock whose holder is gone: its process ended (as far as this machine can tell), or it was not touched for long. */
async function stale(lock: string, maxAgeMs: number): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(lock)).mtimeMs;
    const holder = holderSchema.safeParse(JSON.parse(await readFile(lock, 'utf8')));
    return age > maxAgeMs || !holder.success || (holder.data.host === os.hostname() && !alive(holder.data.pid));
  } catch (error) {
    return codeOf(error) !== 'ENOENT';
  }
}

/** Clears a stale lock; a second file makes sure that only one process does, and that it clears no new lock. */
async function clear(lock: string, maxAgeMs: number): Promise<void> {
  const clearing = `${lock}.clearing`;
  try {
    await writeFile(clearing, '', { flag: 'wx' });
  } catch {
    const age = await stat(clearing).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > maxAgeMs) await rm(clearing, { force: true });
    return;
  }
  try {
    if (await stale(lock, maxAgeMs)) await rm(lock, { force: true });
  } finally {
    await rm(clearing, { force: true });
  }
}

/** Does the work while no other process that uses the same lock does. Waits for its turn. @throws AbortError */
export async function withLock<T>(lock: string, work: () => Promise<T>, { signal, onWait, beatMs = 5000 }: LockOptions = {}): Promise<T> {
  await mkdir(path.dirname(lock), { recursive: true });
  const own = `${lock}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, host: os.hostname() }));
  try {
    for (let waited = false; ;) {
      signal?.throwIfAborted();
      const taken = await link(own, lock).then(() => true, (error: unknown) => { if (codeOf(error) === 'EEXIST') return false; throw error; });
      if (taken) break;
      if (await stale(lock, beatMs * 6)) { await clear(lock, beatMs * 6); continue; }
      if (!waited) onWait?.();
      waited = true;
      await delay(Math.min(beatMs, 500), undefined, { signal });
    }
    const beat = setInterval(() => { utimes(lock, new Date(), new Date()).catch(() => undefined); }, beatMs);
    try {
      return await work();
    } finally {
      clearInterval(beat);
      await rm(lock, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}
