import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { clearStale, createFile } from '../files/claimedFile';
import { processStart, UNKNOWN_START } from './processStart';

const LOOK_EVERY_MS = 50;
/** A host that is told to end has its last checkpoint to write. */
const LEAVING_MS = 20_000;
/** Clearing takes no time: whoever began it so long ago was killed in it. */
const CLEARING_MS = 5000;
/** Clocks are set, by less than that. */
const CLOCK_MS = 60_000;
const ownerSchema = z.object({ pid: z.number().int(), start: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/** Another process has it. */
export class ClaimedError extends Error {}

/** Whose process is gone; half a text is being written. */
async function isStale(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  let owner: Owner | undefined;
  try { owner = ownerSchema.parse(JSON.parse(text)); } catch { /* torn by a kill, or on its way */ }
  const writtenAt = await stat(file).then(({ mtimeMs }) => mtimeMs, () => Infinity);
  if (!owner) return Date.now() - writtenAt > CLEARING_MS;
  const isOlder = owner.start === UNKNOWN_START && writtenAt < Date.now() - os.uptime() * 1000 - CLOCK_MS; // than this start of the system: another process may have its number since
  return isOlder || processStart(owner.pid) !== owner.start;
}

/**
 * Takes `file` for this process, which keeps it until it calls what is returned, or ends. Waits for one that is leaving: `isServing` says that the owner is not.
 * @throws ClaimedError
 */
export async function claim(file: string, isServing: () => Promise<boolean>): Promise<() => Promise<void>> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const own = JSON.stringify({ pid: process.pid, start: processStart(process.pid) ?? '' } satisfies Owner);
  let served = false;
  for (const until = performance.now() + LEAVING_MS; !(await createFile(file, own, 0o600));) {
    if (await isStale(file)) {
      await clearStale(file, () => isStale(file), CLEARING_MS);
      continue;
    }
    const before = served;
    served = await isServing();
    if ((before && served) || performance.now() > until) throw new ClaimedError('Another process has this run open already.'); // seen twice: one that is killed seems to live for a moment
    await setTimeout(LOOK_EVERY_MS);
  }
  return async () => { if (await readFile(file, 'utf8').catch(() => '') === own) await rm(file, { force: true }); };
}
