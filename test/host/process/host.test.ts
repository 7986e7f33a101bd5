import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectRun, openRun, startRun, type RunConnection } from '../../../src/client/hosts';
import type { HostEvents } from '../../../src/protocol/hostApi';
import { processStart } from '../../../src/runs/processStart';
import { findHost, listRuns } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { hasTensorflow } from '../engines/available';
import { childrenOf } from '../engines/children';
import { gone, reached } from './running';

const hostScript = path.resolve('dist/host.js');
const node = process.execPath;
const model = (body = '') => `import { vae, sprites } from 'vae-lab';
${body}
export const small = vae({ data: sprites({ trainCount: 256, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })], training: { epochs: 100000, batchSize: 32 } });
`;

let top: string;
const open: RunConnection[] = [];
beforeAll(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-'));
  process.env['VAE_LAB_STATE'] = path.join(top, 'state');
});
afterAll(() => rm(top, { recursive: true, force: true }));

afterEach(async () => {
  for (const connection of open.splice(0)) {
    const host = await findHost(connection.runId);
    if (host) process.kill(host.pid, 'SIGKILL');
    connection.close();
  }
});

async function start(text: string, options: { modelName?: string; epochs?: number; engine?: string } = {}): Promise<RunConnection> {
  const modelFile = path.join(top, 'small.vae.ts');
  await writeFile(modelFile, text);
  const connection = await startRun({ node, hostScript, modelFile, runsFolder: path.join(top, '.vae-lab', 'runs'), engine: 'wasm', ...options });
  open.push(connection);
  return connection;
}

/** Resolves with the next points of training: what is told may also be held-out ones alone. */
const next = (connection: RunConnection): Promise<HostEvents['metrics']> => new Promise((resolve) => {
  const off = connection.api.on('metrics', (event) => {
    if (event.points.every(({ split }) => split !== 'train')) return;
    off();
    resolve(event);
  });
});

describe('a spawned host', () => {
  it('trains, answers views, takes hyperparameters, pauses, resumes and stops', async () => {
    const run = await start(model());
    await reached(run, 'running');
    expect((await next(run)).points.length).toBeGreaterThan(0);
    const { step } = await run.api.request('setHyperparameter', { name: 'beta', value: 4 });
    await expect(run.api.request('setHyperparameter', { name: 'beta', value: -1 })).rejects.toThrow(/at least 0/);
    await expect(run.api.request('decode', { z: new Float32Array(4) })).rejects.toThrow(/multiple of 3/);
    const strip = await run.api.request('decode', { z: new Float32Array(6) });
    expect([strip.count, strip.height, strip.width, strip.channels, strip.pixels.length]).toEqual([2, 32, 32, 1, 2048]);
    const path = await run.api.request('interpolate', { from: 0, to: 1, steps: 5 });
    expect(path.count).toBe(5);
    const told: number[] = [];
    run.api.on('metrics', ({ points }) => { told.push(...points.filter(({ split }) => split === 'train').map(({ step }) => step)); });
    for (let asked = 0; asked < 5; asked++) {
      told.length = 0;
      const known = (await run.api.request('snapshot', {})).metrics.at(-1)?.step ?? 0;
      told.length = 0; // what was told before the answer is in it
      await next(run);
      expect(told[0]).toBe(known + 1);
    }
    await run.api.request('giveWay', { ms: 1000 });
    await run.api.request('snapshot', {}); // all points up to here are told with it
    expect((await next(run)).points.filter(({ split }) => split === 'train').length).toBeLessThanOrEqual(6); // two steps a second, and those before and after
    await run.api.request('pause', {});
    await reached(run, 'paused');
    expect(told.at(-1)).toBe((await run.api.request('snapshot', {})).manifest.lastStep); // to the step at which it stands
    await run.api.request('resume', {});
    await reached(run, 'running');
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    const snapshot = await run.api.request('snapshot', {});
    expect(snapshot.marks).toMatchObject([{ step, name: 'beta', from: 1, to: 4 }]);
    expect(snapshot.manifest.hyperparameters['beta']).toBe(4);
    const steps = snapshot.metrics.filter((point) => point.split === 'train').map((point) => point.step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    const ended = gone(run);
    void run.api.request('shutdown', {}).catch(() => undefined);
    await ended;

    writeFileSync(snapshot.manifest.modelFile, snapshot.manifest.source.replaceAll('units: ', 'units: 1')); // the run is shown as it was trained
    const viewer = await openRun({ node, hostScript, dir: run.dir, runId: run.runId });
    open.push(viewer);
    const again = await viewer.api.request('snapshot', {});
    expect(again.metrics).toEqual(snapshot.metrics);
    expect((await viewer.api.request('decode', { z: new Float32Array(6) })).count).toBe(2);
    await expect(viewer.api.request('pause', {})).rejects.toThrow(/has ended/);
  });

  it('trains on a slower engine where the fast one cannot, saying why', async () => {
    const reading = 'decoder: ({ layers }) => { const dense = layers.dense({ units: 16 }); return (z) => { z.dataSync(); return dense.apply(z); }; }';
    const run = await start(model().replace("decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })]", reading), { engine: 'auto' });
    await reached(run, 'running');
    const { manifest } = await run.api.request('snapshot', {});
    const other = hasTensorflow ? 'tensorflow' : 'wasm';
    expect([manifest.engine, manifest.testCount]).toEqual([other, 64]);
    const eagerly = hasTensorflow ? ' TensorFlow cannot run a step of this model as one graph\\. .*small\\.vae\\.ts:5\\) It runs operation by operation instead, which is slower\\.' : '';
    expect(manifest.engineNotice).toMatch(new RegExp(`^The engine "compiled" cannot train this model\\. .*small\\.vae\\.ts:5\\) Training runs on engine "${other}" instead, which is slower\\.${eagerly}$`));
  });

  it('shows an ended run on another engine than the one that trained it, and says so', async () => {
    const run = await start(model(), { epochs: 1 });
    await reached(run, 'completed');
    const ended = gone(run);
    void run.api.request('shutdown', {}).catch(() => undefined);
    await ended;
    const directory = new RunDirectory(run.dir);
    const trained = await directory.readManifest();
    await directory.writeManifest({ ...trained, engine: 'webgpu', device: 'WebGPU, onnxruntime 1.2.3' });
    const viewer = await openRun({ node, hostScript, dir: run.dir, runId: run.runId });
    open.push(viewer);
    const { manifest } = await viewer.api.request('snapshot', {});
    const notice = expect.stringMatching(/^What is shown of this run now is computed by the engine "compiled" \(CPU, .+\)\.$/) as string;
    expect(manifest).toMatchObject({ engine: 'webgpu', device: 'WebGPU, onnxruntime 1.2.3', engineNotice: notice });
    await viewer.api.request('fixSamples', { seed: 2 });
    expect(await directory.readManifest()).toMatchObject({ engine: 'webgpu', samplesSeed: 2 });
    expect(await directory.readManifest()).not.toHaveProperty('engineNotice');
    const { evaluation } = await viewer.api.request('evaluate', { split: 'test', k: 2, examples: 8, seed: 1 });
    expect([evaluation.engine, evaluation.device]).toEqual(['compiled', expect.stringMatching(/^CPU, /)]);
  });

  it('goes on when its client is gone, and is found again', async () => {
    const run = await start(model());
    await reached(run, 'running');
    const before = (await next(run)).points.at(-1)?.step ?? 0;
    run.close();
    const again = await connectRun(run.runId);
    open.push(again);
    expect((await next(again)).points.at(-1)?.step).toBeGreaterThan(before);
  });

  it('that is killed is listed as interrupted', async () => {
    const run = await start(model());
    await reached(run, 'running');
    const listed = async () => (await listRuns()).find(({ manifest }) => manifest.id === run.runId);
    expect(await listed()).toMatchObject({ live: true });
    const ended = gone(run);
    const { pid = 0, socket = '' } = await findHost(run.runId) ?? {};
    await run.api.request('pause', {});
    process.kill(pid, 'SIGKILL');
    await ended;
    await expect.poll(() => processStart(pid)).toBeUndefined();
    expect(await listed()).toMatchObject({ live: false, manifest: { state: { kind: 'interrupted' } } });
    expect(existsSync(socket)).toBe(true);
    await start(model());
    expect(existsSync(socket)).toBe(false); // what a killed host left is cleared away by the next
  });
});

describe('a model file that never returns', () => {
  it.each([
    ['while it is loaded', '\n\nfor (;;) {}', 'did not finish loading', 3],
    ['in a builder', model('function forEver() {\n  for (let i = 0; ; i++) Math.sin(i);\n}').replace('({ layers }) => [', '({ layers }) => forEver() ?? ['), 'was not built', 3],
    ['in a function of tensors', model("import * as tf from '@tensorflow/tfjs';").replace(/encoder: .*/, 'encoder: () => (x) => {\nlet y = tf.reshape(x, [-1, 1024]);\nfor (;;) y = tf.tidy(() => tf.add(y, 1));\n},'), 'was not built', 6],
    ['and waits for what never comes', 'await new Promise(() => { setInterval(() => {}, 10); });', 'did not finish loading', 1],
    ['in a builder, where the engine is one that may take long', model('function forEver() {\n  for (let i = 0; ; i++) Math.sin(i);\n}').replace('({ layers }) => [', '({ layers }) => forEver() ?? ['), 'was not built', 3, 'webgpu'],
  ])('%s fails the run in one sentence, at its line, and leaves no process', async (_, text, said, line, engine = 'wasm') => {
    process.env['VAE_LAB_LOAD_MS'] = '1000';
    try {
      const modelFile = path.join(top, 'loop.vae.ts');
      await writeFile(modelFile, text);
      const before = (await listRuns()).length;
      // The loop may begin before or after the client has said hello: either way the run is recorded as failed.
      await startRun({ node, hostScript, modelFile, runsFolder: path.join(top, '.vae-lab', 'runs'), engine }).then((run) => new Promise<void>((resolve) => { run.onClose(resolve); }), () => undefined);
      const [run, ...others] = await listRuns();
      expect(others).toHaveLength(before);
      expect(run).toMatchObject({ live: false, manifest: { modelFile, state: { kind: 'failed', error: { code: 'modelFile', message: expect.stringContaining(said) as string, location: { file: modelFile, line } } } } });
      await expect.poll(() => processStart(run?.manifest.host.pid ?? 0)).toBeUndefined();
    } finally {
      delete process.env['VAE_LAB_LOAD_MS'];
    }
  });
});

it.skipIf(process.platform !== 'linux')('a process that builds a model for a host ends with it, though the model never returns', async () => {
  const loops = path.join(top, 'loops');
  const forEver = `() => { if (!process.argv[2]?.includes('"program"')) return; writeFileSync(${JSON.stringify(loops)}, ''); for (;;) { /* on and on */ } }`;
  const run = await start(model("import { writeFileSync } from 'node:fs';").replace('({ layers }) => [', `({ layers }) => (${forEver})() ?? [`), { engine: 'webgpu' });
  const { pid = 0 } = await findHost(run.runId) ?? {};
  while (!existsSync(loops)) await new Promise((resolve) => { setImmediate(resolve); });
  const [child = 0] = childrenOf(pid, '"role":"program"');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => processStart(child), { timeout: 60_000 }).toBeUndefined();
});

describe('a bad model file', () => {
  const cases: [string, string, { modelName?: string; engine?: string }, object][] = [
    ['that throws', model("throw new Error('boom');"), {}, { code: 'modelFile', message: expect.stringContaining('boom') as string, location: { line: 2 } }],
    ['with a syntax error', 'const x = ;', {}, { code: 'modelFile', location: { line: 1 } }],
    ['without a model', 'export const x = 1;', {}, { code: 'modelFile', message: expect.stringContaining('exports no model') as string }],
    ['without the model named', model(), { modelName: 'other' }, { code: 'modelFile', message: expect.stringContaining('small') as string }],
    ['whose layers do not fit, on an engine in a process of its own', model().replace("layers.dense({ units: 16, activation: 'relu' })]", "\nlayers.conv2d({ filters: 2, kernelSize: 3 })]"), { engine: 'webgpu' }, { code: 'modelFile', message: expect.stringContaining('Layer 2 of the encoder (Conv2D)') as string, location: { line: 5 } }],
    ['whose loss becomes NaN', model().replace('epochs: 100000', 'epochs: 100000, optimizer: sgd({ learningRate: 10 })').replace('vae,', 'vae, sgd,'), {}, { code: 'nonFinite' }],
  ];
  it.each(cases)('%s fails the run in one sentence', async (_, text, options, error) => {
    const run = await start(text, options);
    expect(await reached(run, 'failed')).toMatchObject({ kind: 'failed', error });
  });
});
