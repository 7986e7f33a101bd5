import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { errorText } from '../protocol/errorText';
import { writeAtomically } from './atomicFile';
import { bytesOf } from './folderSize';
import { registerRun, unregisterRun } from './registry';
import { stateFolder } from './stateFolder';
import { RunDirectory } from './runDirectory';

/** Kept beside the runs, so that moving one is a rename. */
const KEPT_IN = '.deleted';
const entrySchema = z.object({ dir: z.string(), keptIn: z.string(), deletedAt: z.string() });
const folder = (): string => path.join(stateFolder(), 'deleted');
const entryFile = (id: string): string => path.join(folder(), `${encodeURIComponent(id)}.json`);
const exists = (file: string): Promise<boolean> => access(file).then(() => true, () => false);

export interface DeletedRun { readonly id: string; readonly model: string; readonly deletedAt: string; readonly bytes: number }

/** Takes a run out of the list; it stays on disk, beside the others, until `purgeDeleted`. @throws in a sentence where its folder cannot be moved */
export async function deleteRun(id: string, dir: string, now = new Date()): Promise<void> {
  const keptIn = path.join(path.dirname(dir), KEPT_IN, path.basename(dir));
  try {
    await mkdir(path.dirname(keptIn), { recursive: true });
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    await writeAtomically(entryFile(id), JSON.stringify({ dir, keptIn, deletedAt: now.toISOString() }), 0o600); // first: what is moved is always known
    await rename(dir, keptIn);
  } catch (error) {
    await rm(entryFile(id), { force: true });
    throw new Error(`The run ${id} could not be deleted: ${errorText(error)}`);
  }
  await unregisterRun(id);
}

/** Puts a deleted run back where it was. @throws in a sentence where it is gone for good */
export async function restoreRun(id: string): Promise<void> {
  const entry = await readEntry(id);
  if (!entry || !await exists(entry.keptIn)) throw new Error(`The run ${id} is deleted for good.`);
  await rename(entry.keptIn, entry.dir);
  await registerRun(id, entry.dir);
  await rm(entryFile(id), { force: true });
}

/** What can be restored, the last deleted first. */
export async function listDeleted(): Promise<DeletedRun[]> {
  const runs = await Promise.all((await deletedIds()).map(async (id): Promise<DeletedRun[]> => {
    const entry = await readEntry(id);
    if (!entry || !await exists(entry.keptIn)) return [];
    const manifest = await new RunDirectory(entry.keptIn).readManifest().catch(() => undefined);
    return [{ id, model: manifest?.modelName ?? '', deletedAt: entry.deletedAt, bytes: await bytesOf(entry.keptIn) }];
  }));
  return runs.flat().sort((a, b) => b.deletedAt.localeCompare(a.deletedAt));
}

/** Deletes for good what was deleted before `before`; all where that is not given. */
export async function purgeDeleted(before = new Date(8.64e15)): Promise<void> {
  for (const id of await deletedIds()) {
    const entry = await readEntry(id);
    if (entry && new Date(entry.deletedAt) >= before) continue;
    if (entry && path.basename(path.dirname(entry.keptIn)) === KEPT_IN) await rm(entry.keptIn, { recursive: true, force: true });
    await rm(entryFile(id), { force: true });
  }
}

const deletedIds = async (): Promise<string[]> => (await readdir(folder()).catch(() => [])).flatMap((name) => (name.endsWith('.json') ? [decodeURIComponent(name.slice(0, -'.json'.length))] : []));
const readEntry = (id: string): Promise<z.infer<typeof entrySchema> | undefined> => readFile(entryFile(id), 'utf8').then((text) => entrySchema.parse(JSON.parse(text))).catch(() => undefined);
