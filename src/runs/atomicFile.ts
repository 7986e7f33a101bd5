import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

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
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** A renamed file has its new name for good once its folder is on the disk; some systems open no folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
