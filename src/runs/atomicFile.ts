import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** What is written aside ends so; a process that is killed leaves it. */
export const ASIDE = /\.\d+\.tmp$/;

/** Writes aside, syncs, renames: a reader sees the old file or the new one, never half of one, after a power cut too. */
export async function writeAtomically(file: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    await rm(aside, { force: true }); // of a killed process with the same pid, or a link that somebody put there
    const handle = await open(aside, 'wx', mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

const ATTEMPTS = 10;
const LATER_MS = 20;
/** On Windows a file that somebody reads, as a virus scanner does each new one, is not to be replaced for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const isHeld = error instanceof Error && 'code' in error && ['EPERM', 'EACCES', 'EBUSY'].includes(String(error.code));
      if (process.platform !== 'win32' || !isHeld || attempt === ATTEMPTS) throw error;
      await setTimeout(attempt * LATER_MS);
    }
  }
}

/** A renamed file has its new name for good once its folder is on the disk; some systems open no folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
