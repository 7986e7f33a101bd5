import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { startRun } from '../../../src/client/hosts';
import { reduceRun } from '../../../src/protocol/reduceRun';
import type { Manifest, RunState } from '../../../src/protocol/run';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { TrainingSession } from '../../../src/host/session';
import { hasTensorflow } from '../engines/available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
afterEach(() => { vi.unstubAllEnvs(); });

const hostScript = path.resolve('dist/host.js');
const node = process.execPath;
const script = (name: string, text: string): string => {
  const file = path.join(top, name);
  writeFileSync(file, text);
  return file;
};
/** `factor` stands before the encoder's hidden layer: one that is not 1 in the oracle's process stands for a wrong lowering. */
const model = (units: number, factor = '1', top = '') => script(`units-${units}.vae.ts`, `import * as tf from '@tensorflow/tfjs';
import { vae, sprites } from 'vae-lab';
const isOracle = (process.argv[2] ?? '').includes('"oracle"');
${top}
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => {
    const hidden = layers.dense({ units: ${units}, activation: 'relu' });
    return (x) => tf.mul(hidden.apply(tf.reshape(x, [-1, 1024])) as tf.Tensor, ${factor});
  },
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { batchSize: 32, epochs: 3 } });
`);

const forEver = 'for (;;);';
let runs = 0;
interface Ended { readonly state: RunState; readonly manifest: Manifest; readonly steps: number[]; readonly checkpoints: string[] }
async function train(modelFile: string, { engine = 'compiled', oracle = hostScript, stopAfter, epochs }: { engine?: string; oracle?: string; stopAfter?: Promise<unknown>; epochs?: number } = {}): Promise<Ended> {
  const dir = path.join(top, '.vae-lab', 'runs', `run-${runs++}`);
  const session = await TrainingSession.open({ role: 'trainer', runId: path.basename(dir), dir, modelFile, engine, set: {}, ...(epochs === undefined ? {} : { epochs }) }, { node, script: oracle });
  const running = session.run();
  void stopAfter?.then(() => { session.interrupt(); });
  const state = await running;
  await session.close();
  const directory = new RunDirectory(dir);
  const steps = (await directory.readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
  return { state, manifest: await directory.readManifest(), steps, checkpoints: readdirSync(path.join(dir, 'checkpoints')) };
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('an engine\'s gradients, compared while it trains', () => {
  it('are compared in a process of their own; a model that computes the same is not compared again', async () => {
    const { state, manifest: { gate }, steps, checkpoints } = await train(model(8));
    expect([state, steps, checkpoints]).toEqual([{ kind: 'completed' }, upTo(12), ['step-12.safetensors']]);
    expect(gate).toEqual({ passed: true, error: expect.any(Number) as number, oracle: hasTensorflow ? 'tensorflow' : 'cpu' });
    const again = await train(model(8), { oracle: script('none.js', 'process.exit(1);') });
    expect(again.manifest.gate).toEqual(gate);
    const other = await train(model(9), { oracle: script('none.js', 'process.exit(1);') });
    expect(other.manifest.gate).toHaveProperty('unchecked');
  });

  it('that are not finite on images of noise are said to be that, and the run goes on', async () => {
    const dim = script('dim.vae.ts', `import { vae, sprites } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })],
  objective: ({ tf, x, z, decode, negativeLogLikelihood, prior }) => ({ reconstruction: negativeLogLikelihood(decode(z)), kl: tf.mul(prior.kl(), tf.sqrt(tf.sub(0.4, tf.mean(x)))) }), training: { batchSize: 32, epochs: 3 } });
`);
    const { state, manifest: { gate }, steps } = await train(dim);
    expect([state, steps]).toEqual([{ kind: 'completed' }, upTo(12)]);
    expect(gate).toEqual({ unchecked: 'The gradients are not finite on images of noise, so there is nothing to compare.' });
  });

  it('draw the same in both processes, where a file draws while it is loaded', async () => {
    const { manifest: { gate } } = await train(model(10, 'scale', 'const scale = Math.random();'));
    expect(gate).toMatchObject({ passed: true });
  });

  it('when wrong, end a run on an engine that was named, and nothing is kept of it', async () => {
    const { state, manifest, checkpoints } = await train(model(11, 'isOracle ? 1.5 : 1'));
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'engine', message: expect.stringMatching(/^The engine "compiled" gives other gradients for this model than ".+" \(relative difference [\d.]+e[+-]\d+\), so it may not train it\.$/) as string } });
    expect(manifest.gate).toMatchObject({ passed: false });
    expect(checkpoints).toEqual([]);
  });

  it('when wrong, are told of, and another engine begins from the first step', async () => {
    vi.stubEnv('VAE_LAB_COMPONENTS', path.join(top, 'components'));
    const run = await startRun({ node, hostScript, modelFile: model(12, 'isOracle ? 1.5 : 1'), runsFolder: path.join(top, '.vae-lab', 'runs'), engine: 'auto', epochs: 100 });
    let shown = await run.api.request('snapshot', {});
    const { engine } = shown.manifest;
    for (const event of ['manifest', 'metrics', 'mark', 'state'] as const) run.api.on(event, (payload) => { shown = reduceRun(shown, event, payload as never); });
    const restarted = new Promise<void>((resolve) => { run.api.on('restarted', (payload) => { shown = reduceRun(shown, 'restarted', payload); resolve(); }); });
    await restarted;
    expect([shown.metrics, shown.manifest.lastStep, shown.manifest.state.kind]).toEqual([[], 0, 'preparing']);
    expect(['auto', 'compiled']).toContain(engine);
    await new Promise<void>((resolve) => { run.api.on('state', ({ state }) => { if (state.kind === 'completed') resolve(); }); });
    const steps = shown.metrics.filter(({ split }) => split === 'train').map(({ step }) => step);
    expect(steps).toEqual(upTo(400));
    expect(shown.manifest).toMatchObject({ engine: 'wasm', engineNotice: expect.stringMatching(/^The engine "compiled" gives other gradients .* What it had trained is discarded\. Training runs on engine "wasm" instead, which is slower\.$/) as string });
    expect(shown.manifest).not.toHaveProperty('gate');
    expect((await new RunDirectory(run.dir).readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step)).toEqual(upTo(400));
    const ended = new Promise<void>((resolve) => { run.onClose(resolve); });
    void run.api.request('shutdown', {}).catch(() => undefined);
    await ended;
  });

  it.skipIf(!hasTensorflow)('when wrong of a graph of TensorFlow\'s, have it train operation by operation, from the first step', async () => {
    const whereTraced = '[\'cpu\', \'tensorflow\'].includes(tf.getBackend()) ? 1 : 1.5';
    const { state, manifest, steps } = await train(model(15, whereTraced), { engine: 'tensorflow' });
    expect([state, steps]).toEqual([{ kind: 'completed' }, upTo(12)]);
    expect(manifest).toMatchObject({
      engine: 'tensorflow', gate: { passed: true, oracle: 'cpu' },
      engineNotice: expect.stringMatching(/^The engine "tensorflow" gives other gradients for this model than "cpu" .* What it had trained is discarded\. It runs operation by operation instead, which is slower\.$/) as string,
    });
  });

  it.skipIf(!hasTensorflow)('are compared with those of TensorFlow operation by operation', async () => {
    const whereTraced = '[\'cpu\', \'tensorflow\'].includes(tf.getBackend()) ? 1 : 1.5';
    const { manifest } = await train(model(16, whereTraced));
    expect(manifest.gate).toMatchObject({ passed: false, oracle: 'tensorflow' });
  });

  it.each([
    ['ends', 'process.exit(7);', /^The process of the other engine ended with code 7; the log of the run says more\.$/],
    ['is killed', 'process.kill(process.pid, "SIGKILL");', /ended with SIGKILL/],
    ['says nonsense', 'console.log(\'{"outcome":"computed"}\');', /ended with code 0/],
    ['takes too long', forEver, /^The process of the other engine took longer than 0\.5 s\.$/],
  ])('are not compared where the oracle %s, and the run says so', async (_, text, because) => {
    if (text === forEver) vi.stubEnv('VAE_LAB_ORACLE_MS', '500'); // the others may take their time on a busy machine
    const { state, manifest: { gate }, checkpoints } = await train(model(13), { oracle: script('bad.js', text) });
    expect(state).toEqual({ kind: 'completed' });
    expect(checkpoints).toContain('step-12.safetensors');
    expect(gate).toEqual({ unchecked: expect.stringMatching(because) as string });
  });

  it('are not waited for when the run is ended', async () => {
    const started = new Promise<void>((resolve) => { setImmediate(resolve); });
    const { state, manifest: { gate } } = await train(model(14), { oracle: script('long.js', forEver), epochs: 100_000, stopAfter: started });
    expect(state).toEqual({ kind: 'interrupted' });
    expect(gate === undefined || 'unchecked' in gate).toBe(true);
  });
});
