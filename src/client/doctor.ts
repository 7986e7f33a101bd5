import { spawn } from 'node:child_process';
import os from 'node:os';
import { nvidiaGpus } from '../components/nvidia';
import { chosenByAuto, probeSchema, type DoctorReport, type Probe } from '../protocol/doctor';
import { engineNames } from '../spec/engines';
import { nodeEnvironment } from './findNode';

/** First kernels on a card that is new to TensorFlow are compiled for minutes. */
const LIMIT_MS = 20 * 60_000;

export interface ExamineOptions {
  readonly node: { readonly path: string; readonly version: string };
  readonly hostScript: string;
  /** Of VAE Lab. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((engine: string, fraction: number) => void) | undefined;
}

/** Starts one engine in a process of its own, which it may take down. @throws AbortError */
function probe(engine: string, { node, hostScript, signal }: ExamineOptions): Promise<Probe> {
  return new Promise((resolve, reject) => {
    const child = spawn(node.path, [hostScript, JSON.stringify({ role: 'probe', engine })], { env: nodeEnvironment(node.path), windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, signal });
    let [said, complained] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { complained = (complained + chunk.toString()).slice(-4000); });
    child.once('error', (error) => { if (signal?.aborted) reject(error); else resolve({ outcome: 'failed', message: `Node could not be started at ${node.path}: ${error.message}` }); });
    child.once('close', (code, ended) => {
      const line = said.split('\n').filter((text) => text.startsWith('{"outcome"')).at(-1);
      const answer = line === undefined ? undefined : probeSchema.safeParse(JSON.parse(line)).data;
      const last = complained.trim().split('\n').at(-1) ?? '';
      const how = ended ?? `code ${code ?? '?'}`;
      resolve(answer ?? { outcome: 'failed', message: last === '' ? `Its process ended with ${how}` : `Its process ended with ${how}: ${last}` });
    });
  });
}

/** Looks at the machine and tries every engine, one after the other. @throws AbortError */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const names = engineNames.filter((name) => name !== 'auto');
  const gpus = await nvidiaGpus();
  const engines: { engine: string; probe: Probe }[] = [];
  for (const [index, engine] of names.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.(engine, index / names.length);
    engines.push({ engine, probe: await probe(engine, options) });
  }
  const auto = chosenByAuto(engines);
  return {
    version: options.version, node: options.node, gpus, engines, ...(auto === undefined ? {} : { auto }),
    machine: { platform: process.platform, arch: process.arch, cores: os.availableParallelism(), cpu: os.cpus()[0]?.model.trim() ?? '', memoryGb: os.totalmem() / 2 ** 30 },
  };
}
