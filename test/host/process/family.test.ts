import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRun, startRun, type RunConnection } from '../../../src/client/hosts';
import { isLive, type RunState } from '../../../src/protocol/run';
import { findHost } from '../../../src/runs/registry';

const hostScript = path.resolve('dist/host.js');
const node = process.execPath;
const networks = `latentDim: 3, training: { epochs: 2, batchSize: 32 },
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })]`;
const data = 'sprites({ trainCount: 256, testCount: 70 })';
const MODELS = `import { autoencoder, conditionalVae, factorVae, maskPixels, npy, resnetConv, sprites, vae, vqVae } from 'vae-lab';
export const plain = autoencoder({ data: ${data}, denoising: maskPixels(), sparse: 0.1, ${networks.replace('epochs: 2', 'epochs: 12')} });
export const conditional = conditionalVae({ data: ${data}, ${networks} });
export const codes = vqVae({ data: ${data}, grid: [8, 8], codes: 16, codeDim: 4, ...resnetConv({ filters: 8, blocks: 1 }), training: { epochs: 2, batchSize: 32 } });
export const factors = vae({ data: ${data}, objective: factorVae({ hidden: [16] }), ${networks} });
export const unlabelled = conditionalVae({ data: npy('pictures.npy'), ${networks} });
`;
let top: string;
let file: string;
const open: RunConnection[] = [];
beforeAll(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-family-'));
  file = path.join(top, 'family.vae.ts');
  process.env['VAE_LAB_STATE'] = path.join(top, 'state');
  await writeFile(file, MODELS);
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (40, 8, 8), }`.padEnd(117) + '\n';
  await writeFile(path.join(top, 'pictures.npy'), Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([header.length, 0]), Buffer.from(header), Buffer.alloc(40 * 64, 100)]));
});
afterAll(() => rm(top, { recursive: true, force: true }));
afterEach(async () => {
  for (const connection of open.splice(0)) {
    const host = await findHost(connection.runId);
    if (host) process.kill(host.pid, 'SIGKILL');
    connection.close();
  }
});

/** Trains to the end, and opens the run as one that is looked at. */
async function trained(modelName: string): Promise<{ viewer: RunConnection; ended: RunState }> {
  const run = await startRun({ node, hostScript, modelFile: file, modelName, runsFolder: path.join(top, '.vae-lab', 'runs'), engine: 'compiled' });
  open.push(run);
  const ended = await new Promise<RunState>((resolve) => {
    const see = ({ state }: { state: RunState }): void => { if (!isLive(state)) resolve(state); };
    run.api.on('state', see);
    void run.api.request('snapshot', {}).then(({ manifest }) => { see(manifest); });
  });
  if (ended.kind !== 'completed') return { viewer: run, ended };
  const gone = new Promise<void>((resolve) => { run.onClose(resolve); });
  void run.api.request('shutdown', {}).catch(() => undefined);
  await gone;
  const viewer = await openRun({ node, hostScript, dir: run.dir, runId: run.runId });
  open.push(viewer);
  return { viewer, ended };
}
/** As ONNX, which is written only where onnxruntime computes the same. */
function exported(run: string): readonly [string, number | null] {
  const { stderr, status } = spawnSync(node, [path.resolve('bin/vae-lab.js'), 'export', run, '--format', 'onnx', '--batch', '4', '--out', path.join(top, 'onnx', run)], { encoding: 'utf8', env: process.env });
  return [stderr, status];
}
const indices = [0, 1, 2, 3, 4, 5];
const evaluated = { split: 'test', k: 5, examples: 40, seed: 1 } as const;
const comparisons = ['mmd', 'mmdOfTraining', 'nearest', 'nearestOfHeldOut'];

describe('models of the family, in a host', () => {
  it('an autoencoder: denoises, shows its codes in deviations, and samples from what was fitted to them', async () => {
    const { viewer: { api, runId }, ended } = await trained('plain');
    expect(ended.kind).toBe('completed');
    const { manifest, metrics } = await api.request('snapshot', {});
    expect(manifest).toMatchObject({ prior: { kind: 'fittedGaussian', kl: 'none' }, data: { corruption: ['maskPixels(share 0.5)'] }, latentDim: 3 });
    expect(Object.keys(manifest.hyperparameterSpecs)).toEqual(['learningRate', 'sparse']);
    expect(Object.keys(metrics[0]?.parts ?? {})).toEqual(['reconstruction', 'absoluteCode']);
    expect(await api.request('describeData', {})).toMatchObject({ codeIs: 'point' });
    const piece = await api.request('encodePiece', { split: 'train', from: 0, count: 256 });
    expect([...piece.kl].every((kl) => kl === 0)).toBe(true);
    expect(new Set(piece.logVariances)).toEqual(new Set([-Infinity]));
    for (let d = 0; d < 3; d++) {
      const values = Array.from({ length: 256 }, (_, i) => piece.means[3 * i + d] ?? NaN);
      const mean = values.reduce((a, b) => a + b) / 256;
      expect(Math.abs(mean)).toBeLessThan(1.5); // codes as views show them, of deviation about 1 around 0, whatever they are
      expect(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 256)).toBeLessThan(3);
    }
    const { originals, means } = await api.request('encode', { indices });
    expect((await api.request('reconstruct', { indices })).reconstructions).toEqual(await api.request('decode', { z: means }));
    expect((await api.request('interpolate', { from: 0, to: 1, steps: 5 })).count).toBe(5);
    const samples = await api.request('sample', { count: 4, seed: 3 });
    expect(await api.request('sample', { count: 4, seed: 3 })).toEqual(samples);
    expect(await api.request('sample', { count: 4, seed: 4 })).not.toEqual(samples);
    expect(await api.request('encodePictures', { pictures: originals })).toMatchObject({ reconstructions: { count: 6 } });
    const { evaluation: { metrics: numbers } } = await api.request('evaluate', evaluated);
    expect(numbers.map(({ name }) => name)).toEqual(['objective', 'mig', ...comparisons]);
    const { highest, protocol } = await api.request('anomalies', { examples: 10 });
    expect(protocol.score).toBe('reconstruction');
    const { reconstruction } = await api.request('encodePiece', { split: 'test', from: 0, count: 10 });
    for (const { index, score } of highest) expect(score).toBeCloseTo(reconstruction[index] ?? NaN, 1);
    await expect(api.request('anomalies', { examples: 10, score: 'elbo' })).rejects.toThrow('A code of this model is a point: it has no posterior, and so no evidence lower bound. Score examples by their reconstruction.');
    expect((await api.request('decompress', { file: (await api.request('compress', { pictures: originals })).file })).pictures).toEqual(originals);
    expect((await api.request('mend', { damage: { kind: 'maskPixels', share: 0.5 }, examples: 10 })).mended.count).toBe(8);
    expect(exported(runId)).toEqual(['', 0]);
    expect((await api.request('snapshot', {})).moments?.map(({ klNats }) => klNats.length)).toContain(0);
  });

  it('a conditional VAE: what is decoded is of the class that is asked for', async () => {
    const { viewer, ended } = await trained('conditional');
    const { api } = viewer;
    expect(ended.kind).toBe('completed');
    expect((await api.request('snapshot', {})).manifest.conditionClasses).toHaveLength(3);
    expect((await api.request('describeData', {})).conditionClasses).toHaveLength(3);
    const z = Float32Array.of(0.5, -1, 0.2);
    const [first, second] = [await api.request('decode', { z, label: 0 }), await api.request('decode', { z, label: 2 })];
    expect(first.pixels).not.toEqual(second.pixels);
    expect(await api.request('decode', { z })).toEqual(first);
    await expect(api.request('decode', { z, label: 3 })).rejects.toThrow('There is no class 3: the data have 3, counted from 0.');
    const inTurn = await api.request('sample', { count: 6, seed: 1 });
    expect(await api.request('sample', { count: 6, seed: 1, labels: [0, 1, 2, 0, 1, 2] })).toEqual(inTurn);
    expect(await api.request('sample', { count: 6, seed: 1, labels: [0, 0, 0, 0, 0, 0] })).not.toEqual(inTurn);
    const { labels = new Float32Array() } = await api.request('encodePiece', { split: 'test', from: 0, count: 6 });
    const { means } = await api.request('encode', { indices });
    const { reconstructions } = await api.request('reconstruct', { indices });
    for (const i of indices) {
      const own = await api.request('decode', { z: means.slice(3 * i, 3 * i + 3), label: labels[i] ?? NaN });
      expect(own.pixels).toEqual(reconstructions.pixels.subarray(i * 1024, (i + 1) * 1024));
    }
    const between = await api.request('interpolate', { from: 0, to: 1, steps: 3 });
    expect([between.pixels.subarray(0, 1024), between.pixels.subarray(2048)]).toEqual([reconstructions.pixels.subarray(0, 1024), reconstructions.pixels.subarray(1024, 2048)]);
    expect((await api.request('drawItem', { item: { kind: 'point', z: [...z] }, label: 2 })).pictures).toEqual(second);
    const picture = path.join(top, 'samples.png');
    expect(spawnSync(node, [path.resolve('bin/vae-lab.js'), 'sample', viewer.runId, '--out', picture], { encoding: 'utf8', env: process.env }).stderr).toBe('');
    const { width, height } = decode(await readFile(picture));
    expect([width, height]).toEqual([3 * 32, 8 * 32]); // a column a class
    const { evaluation: { metrics: numbers } } = await api.request('evaluate', evaluated);
    expect(numbers.map(({ name }) => name)).toEqual(['negativeElbo', 'nll', 'objective', 'activeUnits', 'mig', ...comparisons]);
    expect((await api.request('anomalies', { examples: 10, draws: 1 })).highest).toHaveLength(10);
    expect((await api.request('mend', { damage: { kind: 'maskPixels', share: 0.5 }, examples: 10 })).mended.count).toBe(8);
    expect((await api.request('attribute', { from: 0, to: 1, shown: 2 })).pictures.count).toBe(12);
    await expect(api.request('compress', { examples: 5 })).rejects.toThrow('A conditional model predicts a picture from its class too, which compressed files do not keep.');
    expect(exported(viewer.runId)).toEqual(['', 0]);
  });

  it('a VQ-VAE: its pictures are made of codes', async () => {
    const { viewer: { api, runId }, ended } = await trained('codes');
    expect(ended.kind).toBe('completed');
    const { manifest, metrics } = await api.request('snapshot', {});
    expect(manifest).toMatchObject({ prior: { kind: 'codebook', kl: 'none' }, latentDim: 256, gate: { passed: true } });
    expect(Object.keys(manifest.hyperparameterSpecs)).toEqual(['learningRate', 'commitment']);
    expect(metrics.map(({ parts }) => parts['perplexity'] ?? NaN).every((perplexity) => perplexity >= 1 && perplexity <= 16)).toBe(true);
    const { means } = await api.request('encode', { indices });
    expect((await api.request('reconstruct', { indices })).reconstructions).toEqual(await api.request('decode', { z: means }));
    expect((await api.request('sample', { count: 4, seed: 1 })).count).toBe(4);
    expect((await api.request('interpolate', { from: 0, to: 1, steps: 3 })).count).toBe(3);
    expect((await api.request('encodePiece', { split: 'test', from: 0, count: 10 })).means).toHaveLength(2560);
    expect((await api.request('evaluate', evaluated)).evaluation.metrics.map(({ name }) => name)).toEqual(['objective', ...comparisons]);
    expect((await api.request('anomalies', { examples: 10 })).protocol.score).toBe('reconstruction');
    expect(exported(runId)).toEqual(['', 0]);
    await expect(api.request('compress', { examples: 5 })).rejects.toThrow('Compressed files hold codes number by number, and those of vqVae() are entries of a codebook.');
  });

  it('a factor-VAE: its network is trained by an optimizer of its own, whose rate may be set', async () => {
    const { viewer: { api }, ended } = await trained('factors');
    expect(ended.kind).toBe('completed');
    const { manifest, metrics } = await api.request('snapshot', {});
    expect(manifest).toMatchObject({ gate: { passed: true } });
    expect(Object.keys(manifest.hyperparameterSpecs)).toEqual(['learningRate', 'gamma', 'discriminatorLearningRate']);
    expect(Object.keys(metrics[0]?.parts ?? {})).toEqual(['reconstruction', 'kl', 'totalCorrelation', 'discriminator']);
  });

  it('a conditional VAE without labels says what it needs, before it trains', async () => {
    const { ended } = await trained('unlabelled');
    expect(ended).toMatchObject({ kind: 'failed', error: { code: 'modelFile', message: expect.stringContaining('conditionalVae() needs the class of each example, and the data have no labels') as string } });
  });
});
