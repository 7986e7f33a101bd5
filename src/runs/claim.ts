import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { processStart } from './processStart';

const LOOK_EVERY_MS = 50;
/** A host that is told to end has its last checkpoint to write. */
const LEAVING_MS = 20_000;
/** Clearing takes no time: whoever began it so long ago was killed in it. */
const CLEARING_MS = 5000;
const ownerSchema = z.object({ pid: z.number().int(), start: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/** Another process has it. */
export class ClaimedError extends Error {}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
/** Makes a file that was not there; false if it was. */
const create = (file: string, text: string): Promise<boolean> => writeFile(file, text, { flag: 'wx', mode: 0o600 }).then(() => true, (error: unknown) => { if (isCode(error, 'EEXIST')) return false; throw error; });

/** Whose process is gone; half a text is being written. */
async function isStale(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  let owner: Owner | undefined;
  try { owner = ownerSchema.parse(JSON.parse(text)); } catch { /* torn by a kill, or on its way */ }
  if (owner) return processStart(owner.pid) !== owner.start;
  return stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs > CLEARING_MS, () => false);
}

/** A second file makes sure that only one process clears a stale claim, and that it clears no new one. */
async function clear(file: string): Promise<void> {
  const clearing = `${file}.clearing`;
  if (!(await create(clearing, ''))) {
    const age = await stat(clearing).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > CLEARING_MS) await rm(clearing, { force: true });
    return;
  }
  try {
    if (await isStale(file)) await rm(file, { force: true });
  } finally {
    await rm(clearing, { force: true });
  }
}

/**
 * Takes `file` for this process, which keeps it until it calls what is returned, or ends. Waits for one that is leaving: `isServing` says that the owner is not.
 * @throws ClaimedError
 */
export async function claim(file: string, isServing: () => Promise<boolean>): Promise<() => Promise<void>> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const own = JSON.stringify({ pid: process.pid, start: processStart(process.pid) ?? '' } satisfies Owner);
  let served = false;
  for (const until = performance.now() + LEAVING_MS; !(await create(file, own));) {
    if (await isStale(file)) {
      await clear(file);
      continue;
    }
    const before = served;
    served = await isServing();
    if ((before && served) || performance.now() > until) throw new ClaimedError('Another process has this run open already.'); // seen twice: one that is killed seems to live for a moment
    await setTimeout(LOOK_EVERY_MS);
  }
  return async () => { if (await readFile(file, 'utf8').catch(() => '') === own) await rm(file, { force: true }); };
}
