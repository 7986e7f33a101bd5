import { rm, stat, writeFile } from 'node:fs/promises';

const isThere = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';
/** Makes a file that was not there; false where it was. */
export const createFile = (file: string, text: string, mode = 0o666): Promise<boolean> => writeFile(file, text, { flag: 'wx', mode }).then(() => true, (error: unknown) => { if (isThere(error)) return false; throw error; });

/**
 * Deletes a file whose owner is gone. A second file makes sure that only one process does, and that it deletes no new one; where whoever made that was killed in it, it is deleted
 * after `patienceMs`, for the next call.
 */
export async function clearStale(file: string, isStale: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const clearing = `${file}.clearing`;
  if (!(await createFile(clearing, ''))) {
    const age = await stat(clearing).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > patienceMs) await rm(clearing, { force: true });
    return;
  }
  try {
    if (await isStale()) await rm(file, { force: true });
  } finally {
    await rm(clearing, { force: true });
  }
}
