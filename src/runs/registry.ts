import { mkdirSync, watch } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import * as z from 'zod';
import { isLive, manifestSchema, type Manifest } from '../protocol/run';
import { writeAtomically } from './atomicFile';
import { claim } from './claim';
import { interrupted } from './interrupted';
import { readableManifest } from './manifest';
import { processStart } from './processStart';
import { stateFolder } from './stateFolder';

/** Where a host listens; only the user can read it. `ended`: what its run came to where its own folder cannot say so. */
export const endpointSchema = z.object({ dir: z.string(), socket: z.string(), token: z.string(), pid: z.number().int(), processStart: z.string(), ended: manifestSchema.pick({ state: true, lastStep: true, lastLoss: true }).optional() });
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
/** Takes a host's own entry away: another's may stand there by now. */
export async function unregisterHost(runId: string, socket: string): Promise<void> {
  if ((await readEndpoint(runId))?.socket === socket) await rm(entryFile('hosts', runId), { force: true });
}
const claimFile = (runId: string): string => path.join(folder('hosts'), `${encodeURIComponent(runId)}.claim`);
/** Without these nobody serves a run. */
export const hostFiles = (runId: string): readonly string[] => [entryFile('hosts', runId), claimFile(runId)];
/** One host a run, whatever its role. Returns what gives the run up. @throws ClaimedError */
export const claimRun = (runId: string): Promise<() => Promise<void>> => claim(claimFile(runId), async () => (await findHost(runId)) !== undefined);

const readEndpoint = async (runId: string): Promise<Endpoint | undefined> => {
  try { return endpointSchema.parse(JSON.parse(await readFile(entryFile('hosts', runId), 'utf8'))); } catch { return undefined; }
};
/** Also of a process that was stopped for a while: the system takes connections for it, and says so (EAGAIN) when it has taken many. */
const listens = (socket: string): Promise<boolean> => new Promise((resolve) => {
  const probe = net.connect(socket);
  probe.once('connect', () => { probe.destroy(); resolve(true); }).once('error', (error) => { resolve('code' in error && error.code === 'EAGAIN'); });
});

/** The endpoint of a live host of this run: its process is the one that registered, and its socket is open (a process that is killed closes it before it is gone). */
export async function findHost(runId: string): Promise<Endpoint | undefined> {
  const endpoint = await readEndpoint(runId);
  if (!endpoint || processStart(endpoint.pid) !== endpoint.processStart) return undefined;
  return await listens(endpoint.socket) ? endpoint : undefined;
}

/** `newer`: it was made by a later version, and the manifest holds what of it is understood. */
export interface ListedRun { readonly dir: string; readonly manifest: Manifest; readonly live: boolean; readonly newer?: boolean }

async function readRun(runId: string, dir: string): Promise<ListedRun> {
  const { manifest, newer } = readableManifest(await readFile(path.join(dir, 'run.json'), 'utf8'));
  if (manifest.id !== runId) throw new Error(`${dir} holds another run.`);
  if (newer) return { dir, live: false, manifest, newer };
  if (!isLive(manifest.state)) return { dir, live: false, manifest };
  const host = await findHost(runId);
  if (host) return host.ended ? { dir, live: false, manifest: { ...manifest, ...host.ended } } : { dir, live: true, manifest };
  return { dir, live: false, manifest: await interrupted(dir, manifest) };
}

/** Every run of this user, newest first. A run whose host is gone without a word is `interrupted`. */
export async function listRuns(): Promise<ListedRun[]> {
  const names = (await readdir(folder('runs')).catch(() => [])).filter((name) => name.endsWith('.json'));
  const runs = await Promise.all(names.map(async (name): Promise<ListedRun[]> => {
    try {
      const { dir } = entrySchema.parse(JSON.parse(await readFile(path.join(folder('runs'), name), 'utf8')));
      return [await readRun(decodeURIComponent(name.slice(0, -'.json'.length)), dir)];
    } catch { return []; } // deleted, or no run
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
