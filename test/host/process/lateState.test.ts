import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { RunDirectory } from '../../../src/runs/runDirectory';
import type { Manifest } from '../../../src/protocol/run';
import { TrainingSession } from '../../../src/host/session';
import { hasTensorflow } from '../engines/available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
afterEach(() => { vi.unstubAllEnvs(); });

const modelFile = path.join(top, 'late.vae.ts');
/** `becomes` is what the encoder does once a metric has been written. */
const written = (becomes: string): void => { writeFileSync(modelFile, `import * as tf from '@tensorflow/tfjs';
import { vae, sprites } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => {
    const hidden = layers.dense({ units: 6, activation: 'relu' });
    return (x) => {
      const h = hidden.apply(tf.reshape(x, [-1, 1024]));
      return globalThis.metricsSeen > 0 ? ${becomes} : h;
    };
  },
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { batchSize: 32, epochs: 60 } });
`); };

let runs = 0;
async function train(engine: string): Promise<{ manifest: Manifest; steps: number[]; kept: number[] }> {
  if (engine !== 'tensorflow') vi.stubEnv('VAE_LAB_COMPONENTS', path.join(top, 'components'));
  const dir = path.join(top, '.vae-lab', 'runs', `late-${runs++}`);
  const session = await TrainingSession.open({ role: 'trainer', runId: path.basename(dir), dir, modelFile, engine, set: {} }, { node: process.execPath, script: path.resolve('dist/host.js') });
  const directory = new RunDirectory(dir);
  const later = globalThis as { metricsSeen?: number };
  later.metricsSeen = 0;
  const clock = setInterval(() => { if (existsSync(path.join(dir, 'metrics.jsonl'))) later.metricsSeen = 1; }, 20);
  try {
    await session.run();
  } finally {
    clearInterval(clock);
    delete later.metricsSeen;
    await session.close();
  }
  const steps = (await directory.readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
  return { manifest: await directory.readManifest(), steps, kept: await directory.checkpoints.steps() };
}
const all = Array.from({ length: 240 }, (_, i) => i + 1);

describe('a training step that changes while it trains', () => {
  it('is compiled again, and the run says when', async () => {
    written('tf.mul(h, 2)');
    const { manifest, steps } = await train('compiled');
    expect(manifest).toMatchObject({
      state: { kind: 'completed' }, engine: 'compiled', gate: { passed: true, oracle: 'wasm' },
      stepNotice: expect.stringMatching(/^The training step of the model had changed after step \d+, and was compiled again\.$/) as string,
    });
    expect(steps).toEqual(all);
  });

  it('is compared again: where it gives other gradients than the code does, the run ends, and has nothing of it', async () => {
    written('tf.mul(h, tf.getBackend() === "wasm" ? 1.5 : 3)');
    const { manifest, kept } = await train('compiled');
    expect(manifest).toMatchObject({
      state: { kind: 'failed', error: { code: 'engine', message: expect.stringMatching(/^The engine "compiled" gives other gradients for this model than "wasm" \(relative difference .+\), so it may not train it\.$/) as string } },
      gate: { passed: false, oracle: 'wasm' }, stepNotice: expect.any(String) as string,
    });
    const [changed = NaN] = /\d+/.exec(manifest.stepNotice ?? '') ?? [];
    expect(kept.filter((step) => step >= Number(changed))).toEqual([]);
  });

  it('is compared again: where it gives other gradients than the code does, the next engine goes on from what is kept, where it was left open', async () => {
    written('tf.mul(h, tf.getBackend() === "wasm" ? 1.5 : 4)');
    const { manifest, steps } = await train('auto');
    expect(manifest).toMatchObject({
      state: { kind: 'completed' }, engine: 'wasm',
      engineNotice: expect.stringMatching(/^The engine "compiled" gives other gradients for this model than "wasm" .+ (Training went on from the checkpoint of step \d+|What it had trained is discarded)\. Training runs on engine "wasm" instead, which is slower\.$/) as string,
    });
    expect(steps).toEqual(all);
  });

  it('ends the run at its line where it can no longer be compiled', async () => {
    written('tf.mul(h, h.dataSync()[0])');
    const { manifest } = await train('compiled');
    expect(manifest.state).toMatchObject({ kind: 'failed', error: { code: 'engine', location: { file: modelFile, line: 8 } } });
  });

  it('goes on where it is on the next engine, where that was left open', async () => {
    written('tf.mul(h, h.dataSync()[0])');
    const { manifest, steps } = await train('auto');
    expect(manifest).toMatchObject({ state: { kind: 'completed' }, engine: 'wasm', engineNotice: expect.stringMatching(/late\.vae\.ts:8\) Training runs on engine "wasm" instead/) as string });
    expect(steps).toEqual(all);
  });

  it.skipIf(!hasTensorflow)('goes on where it is operation by operation, where TensorFlow can no longer run it as one graph', async () => {
    written('tf.mul(h, h.dataSync()[0])');
    const { manifest, steps } = await train('tensorflow');
    expect(manifest).toMatchObject({ state: { kind: 'completed' }, engine: 'tensorflow', gate: { passed: true, oracle: 'wasm' }, engineNotice: expect.stringMatching(/late\.vae\.ts:8\) It runs operation by operation instead, which is slower\.$/) as string });
    expect(steps).toEqual(all);
  });

  it.skipIf(!hasTensorflow)('is compared there too, and ends the run where other gradients come of it', async () => {
    written('tf.mul(h, h.dataSync().length > 0 && tf.getBackend() === "wasm" ? 1.5 : 1)');
    const { manifest } = await train('tensorflow');
    expect(manifest).toMatchObject({ state: { kind: 'failed', error: { code: 'engine', message: expect.stringMatching(/^The engine "tensorflow" gives other gradients for this model than "wasm"/) as string } }, gate: { passed: false, oracle: 'wasm' } });
  });
});
