import { mkdirSync, readFileSync, watch } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { isLive, type Manifest } from '../protocol/run';
import { writeAtomically } from './atomicFile';
import { RunDirectory } from './runDirectory';

/** Per-user, so that runs started anywhere are listed anywhere. `VAE_LAB_STATE` moves it. */
export function stateFolder(): string {
  const home = os.homedir();
  if (process.env['VAE_LAB_STATE']) return process.env['VAE_LAB_STATE'];
  if (process.platform === 'win32') return path.join(process.env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'vae-lab');
  return path.join(process.env['XDG_STATE_HOME'] ?? path.join(home, '.local', 'state'), 'vae-lab');
}

/** Where a host listens; only the user can read it. */
export const endpointSchema = z.object({ dir: z.string(), socket: z.string(), token: z.string(), pid: z.number().int(), processStart: z.string() });
export type Endpoint = z.infer<typeof endpointSchema>;
const entrySchema = z.object({ dir: z.string() });

const folder = (name: 'runs' | 'hosts'): string => path.join(stateFolder(), name);
const entryFile = (name: 'runs' | 'hosts', runId: string): string => path.join(folder(name), `${encodeURIComponent(runId)}.json`);
async function writeEntry(name: 'runs' | 'hosts', runId: string, entry: unknown): Promise<void> {
  await mkdir(folder(name), { recursive: true, mode: 0o700 });
  await writeAtomically(entryFile(name, runId), JSON.stringify(entry), 0o600);
}

export const registerRun = (runId: string, dir: string): Promise<void> => writeEntry('runs', runId, { dir });
export const unregisterRun = (runId: string): Promise<void> => rm(entryFile('runs', runId), { force: true });
export const registerHost = (runId: string, endpoint: Endpoint): Promise<void> => writeEntry('hosts', runId, endpoint);
export const unregisterHost = (runId: string): Promise<void> => rm(entryFile('hosts', runId), { force: true });

/** When a process started, as far as the system tells: a pid used again by another program must not pass for a host. */
export function processStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch { return undefined; }
  if (process.platform !== 'linux') return 'unknown';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch { return undefined; }
}

/** The endpoint of a live host of this run. */
export async function findHost(runId: string): Promise<Endpoint | undefined> {
  try {
    const endpoint = endpointSchema.parse(JSON.parse(await readFile(entryFile('hosts', runId), 'utf8')));
    return processStart(endpoint.pid) === endpoint.processStart ? endpoint : undefined;
  } catch { return undefined; }
}

export interface ListedRun { readonly dir: string; readonly manifest: Manifest; readonly live: boolean }

/** Every run of this user, newest first. A run whose host is gone without a word is `interrupted`. */
export async function listRuns(): Promise<ListedRun[]> {
  const names = (await readdir(folder('runs')).catch(() => [])).filter((name) => name.endsWith('.json'));
  const runs = await Promise.all(names.map(async (name): Promise<ListedRun[]> => {
    try {
      const { dir } = entrySchema.parse(JSON.parse(await readFile(path.join(folder('runs'), name), 'utf8')));
      const manifest = await new RunDirectory(dir).readManifest();
      const live = isLive(manifest.state) && (await findHost(manifest.id)) !== undefined;
      return [{ dir, live, manifest: isLive(manifest.state) && !live ? { ...manifest, state: { kind: 'interrupted' } } : manifest }];
    } catch { return []; } // deleted, or of a later version
  }));
  return runs.flat().sort((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt));
}

/** Calls when a run is registered or a host comes or goes, wherever it was started. Returns a disposer. */
export function watchRuns(listener: () => void): () => void {
  const watchers = (['runs', 'hosts'] as const).map((name) => {
    mkdirSync(folder(name), { recursive: true, mode: 0o700 });
    return watch(folder(name), listener).on('error', () => { /* the folder was deleted: the list is read again at the next run */ });
  });
  return () => { for (const watcher of watchers) watcher.close(); };
}
