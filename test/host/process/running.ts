import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startRun, type RunConnection, type StartOptions } from '../../../src/client/hosts';
import type { RunState } from '../../../src/protocol/run';
import { processStart } from '../../../src/runs/processStart';
import { findHost } from '../../../src/runs/registry';

export const place = { node: process.execPath, hostScript: path.resolve('dist/host.js') };
export const model = (epochs: number, more = '') => `import { vae, sprites, adam } from 'vae-lab';
${more}
export const small = vae({ data: sprites({ trainCount: 192, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })], training: { epochs: ${epochs}, batchSize: 32, optimizer: adam({ learningRate: 1e-3 }) } });
`;
export const STEPS_PER_EPOCH = 6;

/** Saves often, so that there is something to go on from, and stays while nobody asks. */
const watchful = { VAE_LAB_SAVE_MS: '40', VAE_LAB_IDLE_MS: '60000' };
/** Hosts of one test file, in a folder of its own; those that are left are killed after each test. */
export function hosts(environment: Readonly<Record<string, string>> = watchful) {
  const kept: RunConnection[] = [];
  const self = {
    top: '',
    keep: (run: RunConnection): RunConnection => { kept.push(run); return run; },
    get modelFile(): string { return path.join(self.top, 'small.vae.ts'); },
    async start(text: string, options: Partial<StartOptions> = {}): Promise<RunConnection> {
      const { modelFile } = self;
      await writeFile(modelFile, text);
      return self.keep(await startRun({ ...place, modelFile, runsFolder: path.join(self.top, 'runs'), engine: 'wasm', ...options }));
    },
  };
  beforeAll(async () => {
    self.top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-'));
    Object.assign(process.env, { VAE_LAB_STATE: path.join(self.top, 'state'), ...environment });
  });
  afterAll(() => rm(self.top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  afterEach(async () => {
    for (const run of kept.splice(0)) {
      const host = await findHost(run.runId);
      if (host) process.kill(host.pid, 'SIGKILL');
      run.close();
    }
  });
  return self;
}

/** Resolves with the first state of this kind, told or already held. */
export async function reached(run: RunConnection, ...kinds: RunState['kind'][]): Promise<RunState> {
  let off = (): void => undefined;
  const told = new Promise<RunState>((resolve) => { off = run.api.on('state', ({ state }) => { if (kinds.includes(state.kind)) resolve(state); }); });
  const { state } = (await run.api.request('snapshot', {})).manifest;
  const found = kinds.includes(state.kind) ? state : await told;
  off();
  return found;
}
/** Resolves when that step was told of. */
export const step = (run: RunConnection, least: number): Promise<void> => new Promise((resolve, reject) => {
  const off = run.api.on('metrics', ({ points }) => { if (points.some((point) => point.step >= least)) { off(); resolve(); } });
  run.api.request('snapshot', {}).then(({ manifest }) => { if (manifest.lastStep >= least) { off(); resolve(); } }, reject); // told of the step, a test may have killed the host before this is answered
});
export const gone = (run: RunConnection): Promise<void> => new Promise((resolve) => { run.onClose(resolve); });

/** Kills the host and waits until its process is gone. */
export async function kill(run: RunConnection): Promise<void> {
  const { pid } = await findHost(run.runId) ?? {};
  if (pid === undefined) throw new Error('There is no host to kill.');
  const closed = gone(run);
  process.kill(pid, 'SIGKILL');
  await closed;
  while (processStart(pid) !== undefined) await new Promise((resolve) => { setImmediate(resolve); });
}
