import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRun, type RunConnection } from '../../../src/client/hosts';
import type { MetricPoint } from '../../../src/protocol/run';
import { findHost } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';

let top: string;
let run: RunConnection | undefined;
beforeAll(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-'));
  process.env['VAE_LAB_STATE'] = path.join(top, 'state');
});
afterAll(async () => {
  const host = run && await findHost(run.runId);
  if (host) process.kill(host.pid, 'SIGKILL');
  run?.close();
  await rm(top, { recursive: true, force: true });
});

it('a scheduled learning rate is told with every step, and ended by hand with a mark that says so; all of it is in the run\'s folder', async () => {
  const modelFile = path.join(top, 'small.vae.ts');
  await writeFile(modelFile, `import { adamw, cosine, initializers, sprites, vae } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 256, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })],
  initializer: initializers.torchDefault(),
  training: { epochs: 100000, batchSize: 32, optimizer: adamw({ learningRate: cosine({ from: 2e-3, warmUpEpochs: 10000 }) }), clipNorm: 10 } });
`);
  const started = run = await startRun({ node: process.execPath, hostScript: path.resolve('dist/host.js'), modelFile, runsFolder: path.join(top, '.vae-lab', 'runs'), engine: 'compiled' });
  /** Of training steps, the first that fits. */
  const point = (fits: (point: MetricPoint) => boolean): Promise<MetricPoint> => new Promise((resolve) => {
    const off = started.api.on('metrics', ({ points }) => {
      const found = points.find((each) => each.split === 'train' && fits(each));
      if (!found) return;
      off();
      resolve(found);
    });
  });
  const { step, scheduled, gradientNorm } = await point(() => true);
  expect(scheduled?.['learningRate']).toBeCloseTo(2e-3 * step / 80_000, 9); // it still warms up: 8 steps an epoch
  expect(gradientNorm).toBeGreaterThan(0);
  const { step: from } = await started.api.request('setHyperparameter', { name: 'learningRate', value: 1e-4 });
  expect((await point((each) => each.step >= from)).scheduled).toEqual({ learningRate: 1e-4 }); // its curve goes on
  const { marks, metrics, manifest } = await started.api.request('snapshot', {});
  expect(marks).toMatchObject([{ step: from, name: 'learningRate', to: 1e-4, endsSchedule: true }]);
  expect(marks[0]?.from).toBeCloseTo(2e-3 * (from - 1) / 80_000, 9);
  expect(manifest).toMatchObject({ hyperparameters: { learningRate: 1e-4 }, following: [] });
  expect(metrics[0]?.layers?.['encoder/1']?.updateRatio).toBeGreaterThan(0);
  const stopped = new Promise<void>((resolve) => { started.api.on('state', ({ state }) => { if (state.kind === 'stopped') resolve(); }); });
  await started.api.request('stop', {});
  await stopped;
  const directory = new RunDirectory(started.dir);
  const written = await directory.readMetrics();
  expect(written.slice(0, metrics.length)).toEqual(metrics);
  expect(await directory.readMarks()).toEqual(marks);
});
