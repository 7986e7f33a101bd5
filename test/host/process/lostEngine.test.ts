import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRun, type RunConnection } from '../../../src/client/hosts';
import type { HostEvent, hostEvents } from '../../../src/protocol/hostApi';
import type { Payload } from '../../../src/protocol/rpc';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { findHost } from '../../../src/runs/registry';
import { hasVulkan, vulkanEnvironment } from '../engines/available';
import { childrenOf } from '../engines/children';

let top: string;
const kept = { ...process.env };
beforeAll(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-lost-'));
  Object.assign(process.env, vulkanEnvironment, { VAE_LAB_STATE: path.join(top, 'state') });
});
afterAll(async () => {
  process.env = kept;
  await rm(top, { recursive: true, force: true });
});

/** Rejects where the run fails instead. */
const told = <E extends HostEvent>(run: RunConnection, event: E, fits: (payload: Payload<typeof hostEvents, E>) => boolean): Promise<Payload<typeof hostEvents, E>> => new Promise((resolve, reject) => {
  const failed = run.api.on('state', ({ state }) => { if (state.kind === 'failed') reject(new Error(state.error.message)); });
  const off = run.api.on(event, (payload) => {
    if (!fits(payload)) return;
    off();
    failed();
    resolve(payload);
  });
});

describe.skipIf(!hasVulkan)('a run on WebGPU', () => {
  it('goes on on the CPU from its last checkpoint when the graphics driver takes its process down, and says so', async () => {
    const modelFile = path.join(top, 'small.vae.ts');
    await writeFile(modelFile, `import { sprites, vae } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 16, testCount: 8 }), latentDim: 2,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 4, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 4, activation: 'relu' })], training: { epochs: 100000, batchSize: 8 } });
`);
    const run = await startRun({ node: process.execPath, hostScript: path.resolve('dist/host.js'), modelFile, runsFolder: path.join(top, '.vae-lab', 'runs'), engine: 'webgpu', seed: 1 });
    const host = await findHost(run.runId);
    try {
      const directory = new RunDirectory(run.dir);
      for (let saved; !saved; saved = (await directory.checkpoints.newest()).checkpoint) await told(run, 'metrics', () => true);
      expect((await run.api.request('snapshot', {})).manifest).toMatchObject({ engine: 'webgpu', device: expect.stringMatching(/^WebGPU, onnxruntime/) as string, gate: { passed: true } });
      await told(run, 'metrics', ({ points }) => points.length > 0); // trained past the checkpoint
      const restarted = told(run, 'restarted', () => true);
      const running = told(run, 'state', ({ state }) => state.kind === 'running');
      for (const pid of childrenOf(host?.pid ?? 0, '"role":"program"')) process.kill(pid, 'SIGKILL');
      const { lastStep } = await restarted;
      await running;
      const { manifest, metrics } = await run.api.request('snapshot', {});
      expect(manifest).toMatchObject({ engine: 'compiled', engineNotice: `The process that computed on WebGPU ended (SIGKILL): its graphics driver failed. Training went on from the checkpoint of step ${lastStep}. Training runs on engine "compiled" instead, which is slower.` });
      expect(lastStep).toBeGreaterThan(0);
      const steps = metrics.filter(({ split }) => split === 'train').map(({ step }) => step);
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b)); // none twice
      await told(run, 'metrics', ({ points }) => points.some(({ step }) => step > lastStep));
      await run.api.request('stop', {});
      await told(run, 'state', ({ state }) => state.kind === 'stopped');
      const onDisk = (await directory.readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
      expect(onDisk).toEqual([...new Set(onDisk)].sort((a, b) => a - b));
    } finally {
      run.close();
      if (host) process.kill(host.pid, 'SIGKILL');
    }
  }, 600_000);
});
