import { open, rename, rm } from 'node:fs/promises';

/** Writes aside, syncs, renames: a reader sees the old file or the new one, never half of one. */
export async function writeAtomically(file: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(aside, 'w', mode);
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
}
