import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, open, type FileHandle } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { PROTOCOL_VERSION, type HostApi } from '../protocol/hostApi';
import { hostClient } from '../protocol/rpc';
import type { RunError } from '../protocol/run';
import { findHost } from '../runs/registry';
import { nodeEnvironment } from './findNode';
import { RunDirectory } from '../runs/runDirectory';
import { createSocketConnection } from '../wire/connection';
import { errorText } from '../protocol/errorText';

/** A connection to a host; closing it leaves the host running. */
export interface RunConnection { readonly runId: string; readonly dir: string; readonly api: HostApi; close(): void; onClose(listener: () => void): void }
/** The host did not start; the message says why. */
export class HostStartError extends Error {
  constructor(message: string, readonly runError?: RunError) { super(message); }
}

export interface StartOptions {
  readonly node: string;
  readonly hostScript: string;
  readonly modelFile: string;
  readonly modelName?: string | undefined;
  /** `.vae-lab/runs` of a folder; the run gets a folder of its own in it. */
  readonly runsFolder: string;
  readonly engine: string;
  readonly dataFolder?: string | undefined;
  /** Tried before the public ones. */
  readonly dataMirrors?: readonly string[] | undefined;
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
  readonly set?: Readonly<Record<string, number>>;
  /** Keeps a checkpoint for good every so many steps. */
  readonly keepEvery?: number | undefined;
}

const readySchema = z.union([z.object({ ready: z.literal(true) }), z.object({ ready: z.literal(false), message: z.string() })]);

const openLog = (dir: string): Promise<FileHandle> => open(path.join(dir, 'host.log'), 'a');
/** To look at a run its folder need not be writable; one that was deleted does not come back half. */
async function logToLookAt(dir: string): Promise<FileHandle | undefined> {
  await access(dir).catch(() => { throw new HostStartError(`The run folder ${dir} is not there any more.`); });
  return openLog(dir).catch(() => undefined);
}
async function logToTrain(dir: string): Promise<FileHandle> {
  await mkdir(dir, { recursive: true }).catch((error: unknown) => { throw new HostStartError(`The run folder ${dir} cannot be made (${errorText(error)}). Choose another folder.`); });
  return openLog(dir).catch((error: unknown) => { throw new HostStartError(`The run folder ${dir} cannot be written (${errorText(error)}). Make room or make it writable, and resume; or train in another folder.`); });
}

/** Starts a host that outlives this process, its output in the run's host.log; resolves when it listens. */
export async function startHost(node: string, hostScript: string, dir: string, options: { readonly role: string; readonly [name: string]: unknown }): Promise<void> {
  const log = await (options.role === 'viewer' ? logToLookAt(dir) : logToTrain(dir));
  try {
    const child = spawn(node, [hostScript, JSON.stringify(options)], { detached: true, windowsHide: true, env: nodeEnvironment(node), stdio: ['ignore', 'pipe', log?.fd ?? 'ignore'] });
    const { stdout } = child;
    if (!stdout) throw new HostStartError('The training host has no output to read.');
    await new Promise<void>((resolve, reject) => {
      child.once('error', (error) => { reject(new HostStartError(`Node could not be started at ${node}: ${error.message}`)); });
      child.once('exit', (code) => { reject(new HostStartError(`The training host ended at once (exit code ${String(code)}). Its log: ${path.join(dir, 'host.log')}`)); });
      createInterface(stdout).once('line', (line) => {
        const ready = readySchema.safeParse(jsonOf(line));
        if (ready.success && ready.data.ready) resolve();
        else reject(new HostStartError(ready.success && !ready.data.ready ? ready.data.message : 'The training host did not say that it is ready.'));
      });
    });
    stdout.destroy();
    child.unref();
  } finally {
    await log?.close();
  }
}

function jsonOf(text: string): unknown {
  try { return JSON.parse(text); } catch { return undefined; }
}

const stamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, '').replace(/[-:]/g, '').replace('T', '-');

/** Starts a training run and connects to it. @throws HostStartError */
export async function startRun({ node, hostScript, runsFolder, set, ...rest }: StartOptions): Promise<RunConnection> {
  const runId = newRunId(rest.modelFile);
  const dir = path.join(runsFolder, runId);
  return startTrainer(node, hostScript, runId, dir, { ...rest, set: set ?? {} });
}

export function newRunId(modelFile: string): string {
  const base = path.basename(modelFile).replace(/\.vae\.[jt]s$/, '').replace(/[^\w-]+/g, '-');
  return `${stamp()}-${base}-${randomBytes(2).toString('hex')}`;
}

/** Starts a host that trains and connects to it; a run that has failed by then says why. @throws HostStartError */
export async function startTrainer(node: string, hostScript: string, runId: string, dir: string, options: object): Promise<RunConnection> {
  await startHost(node, hostScript, dir, { role: 'trainer', runId, dir, ...options });
  try {
    return await connectRun(runId);
  } catch (error) {
    const { state } = await new RunDirectory(dir).readManifest();
    if (state.kind === 'failed') throw new HostStartError(state.error.message, state.error);
    throw error;
  }
}

/** Connects to the live host of a run. @throws HostStartError when there is none. */
export async function connectRun(runId: string): Promise<RunConnection> {
  const endpoint = await findHost(runId);
  if (!endpoint) throw new HostStartError(`No host is running for ${runId}.`);
  const socket = net.connect(endpoint.socket);
  await new Promise<void>((resolve, reject) => { socket.once('connect', resolve).once('error', reject); });
  const connection = createSocketConnection(socket);
  connection.listen();
  const api = hostClient(connection);
  await api.request('hello', { token: endpoint.token, protocolVersion: PROTOCOL_VERSION });
  return { runId, dir: endpoint.dir, api, close: () => { socket.destroy(); }, onClose: (listener) => { socket.once('close', listener); } };
}

/** Connects to whoever serves this run, or starts a viewer for it. @throws HostStartError */
export async function openRun({ node, hostScript, dir, runId, dataFolder, dataMirrors }: Pick<StartOptions, 'node' | 'hostScript' | 'dataFolder' | 'dataMirrors'> & { dir: string; runId: string }): Promise<RunConnection> {
  if (!(await findHost(runId))) await startHost(node, hostScript, dir, { role: 'viewer', runId, dir, dataFolder, dataMirrors });
  return connectRun(runId);
}

/** Ends whoever serves a run that has ended; resolves when nobody does. A live run is checkpointed and left interrupted. */
export async function closeHost(runId: string): Promise<void> {
  if (!(await findHost(runId))) return;
  const connection = await connectRun(runId);
  const closed = new Promise<void>((resolve) => { connection.onClose(resolve); });
  await connection.api.request('shutdown', {}).catch(() => undefined); // it ends before it answers
  await closed;
}
