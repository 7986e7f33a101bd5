import { readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { bytesOf } from './folderSize';
import { processStart } from './processStart';

/** Where data sets are kept that are downloaded or made ready: the folder that is set, else one of the user's cache. */
export const dataFolderOf = (set?: string): string => set ?? path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'vae-lab');
export const preparedFolderOf = (dataFolder: string): string => path.join(dataFolder, 'prepared');

export interface FolderUse { readonly folder: string; readonly count: number; readonly bytes: number }
/** What is whole, and what a process that is gone left half made. */
function isPrepared(name: string): boolean {
  const [, pid] = /^[0-9a-f]{32}\.rows\.(\d+)\.part$/.exec(name) ?? [];
  return pid === undefined ? /^[0-9a-f]{32}\.(rows|json)$/.test(name) : processStart(Number(pid)) === undefined;
}

/** Data sets that were made ready to be read from a file. */
export async function preparedUse(dataFolder: string): Promise<FolderUse> {
  const folder = preparedFolderOf(dataFolder);
  const names = (await readdir(folder).catch(() => [])).filter(isPrepared);
  const sizes = await Promise.all(names.map((name) => stat(path.join(folder, name)).then(({ size }) => size, () => 0)));
  return { folder, count: names.filter((name) => name.endsWith('.rows')).length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Deletes them: a run that needs one makes it again. What does not look like one is left alone. */
export async function deletePrepared(dataFolder: string): Promise<void> {
  const folder = preparedFolderOf(dataFolder);
  for (const name of (await readdir(folder).catch(() => [])).filter(isPrepared)) await rm(path.join(folder, name), { force: true });
}

/** What is kept beside what was made ready: downloads. */
export async function downloadsUse(dataFolder: string): Promise<number> { return await bytesOf(dataFolder) - await bytesOf(preparedFolderOf(dataFolder)); }
