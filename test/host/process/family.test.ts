import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRun, type RunConnection } from '../../../src/client/hosts';
import { branchRun, resumeRun } from '../../../src/client/resumeRun';
import type { RunState } from '../../../src/protocol/run';
import { registerRun } from '../../../src/runs/registry';
import { gone, hosts, place, reached, step } from './running';
import { cli } from './terminal';

const networks = `latentDim: 3, training: { epochs: 2, batchSize: 32 },
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })]`;
const data = 'sprites({ trainCount: 256, testCount: 70 })';
const MODELS = `import { autoencoder, conditionalVae, factorVae, maskPixels, npy, resnetConv, sprites, vae, vqVae } from 'vae-lab';
export const plain = autoencoder({ data: ${data}, denoising: maskPixels(), sparse: 0.1, ${networks.replace('epochs: 2', 'epochs: 12')} });
export const conditional = conditionalVae({ data: ${data}, ${networks} });
export const codes = vqVae({ data: ${data}, grid: [8, 8], codes: 16, codeDim: 4, prior: { filters: 8, layers: 1, steps: 150, batchSize: 32, learningRate: 0.02 }, ...resnetConv({ filters: 8, blocks: 1 }), training: { epochs: 2, batchSize: 32 } });
export const factors = vae({ data: ${data}, objective: factorVae({ hidden: [16] }), ${networks} });
export const unlabelled = conditionalVae({ data: npy('pictures.npy'), ${networks} });
`;
const held = hosts({});
beforeAll(async () => {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (40, 8, 8), }`.padEnd(117) + '\n';
  await writeFile(path.join(held.top, 'pictures.npy'), Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([header.length, 0]), Buffer.from(header), Buffer.alloc(40 * 64, 100)]));
});

const ending = (run: RunConnection): Promise<RunState> => reached(run, 'completed', 'failed', 'stopped', 'interrupted');
/** Trains to the end, and opens the run as one that is looked at. */
async function trained(modelName: string): Promise<{ viewer: RunConnection; ended: RunState }> {
  const run = await held.start(MODELS, { modelName, engine: 'compiled' });
  const ended = await ending(run);
  if (ended.kind !== 'completed') return { viewer: run, ended };
  const closed = gone(run);
  void run.api.request('shutdown', {}).catch(() => undefined);
  await closed;
  const viewer = held.keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
  return { viewer, ended };
}
/** As ONNX, which is written only where onnxruntime computes the same. */
async function exported(run: string): Promise<readonly [string, number | null]> {
  const { stderr, status } = await cli('export', run, '--format', 'onnx', '--batch', '4', '--out', path.join(held.top, 'onnx', run));
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
    expect(await exported(runId)).toEqual(['', 0]);
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
    const picture = path.join(held.top, 'samples.png');
    expect((await cli('sample', viewer.runId, '--out', picture)).stderr).toBe('');
    const { width, height } = decode(await readFile(picture));
    expect([width, height]).toEqual([3 * 32, 8 * 32]); // a column a class
    const { evaluation: { metrics: numbers } } = await api.request('evaluate', evaluated);
    expect(numbers.map(({ name }) => name)).toEqual(['negativeElbo', 'nll', 'objective', 'activeUnits', 'mig', ...comparisons]);
    expect((await api.request('anomalies', { examples: 10, draws: 1 })).highest).toHaveLength(10);
    expect((await api.request('mend', { damage: { kind: 'maskPixels', share: 0.5 }, examples: 10 })).mended.count).toBe(8);
    expect((await api.request('attribute', { from: 0, to: 1, shown: 2 })).pictures.count).toBe(12);
    await expect(api.request('compress', { examples: 5 })).rejects.toThrow('A conditional model predicts a picture from its class too, which compressed files do not keep.');
    expect(await exported(viewer.runId)).toEqual(['', 0]);
  });

  it('a VQ-VAE: its pictures are made of codes', async () => {
    const { viewer: { api, runId }, ended } = await trained('codes');
    expect(ended.kind).toBe('completed');
    const { manifest, metrics } = await api.request('snapshot', {});
    expect(manifest).toMatchObject({ prior: { kind: 'codebook', kl: 'none', learns: true, learned: { step: 16, codes: 16, places: 64, steps: 150, seed: 1, examples: 70 } }, latentDim: 256, gate: { passed: true } });
    expect(Object.keys(manifest.hyperparameterSpecs)).toEqual(['learningRate', 'commitment']);
    expect(metrics.map(({ parts }) => parts['perplexity'] ?? NaN).every((perplexity) => perplexity >= 1 && perplexity <= 16)).toBe(true);
    const { means } = await api.request('encode', { indices });
    expect((await api.request('reconstruct', { indices })).reconstructions).toEqual(await api.request('decode', { z: means }));
    expect((await api.request('sample', { count: 4, seed: 1 })).count).toBe(4);
    expect((await api.request('interpolate', { from: 0, to: 1, steps: 3 })).count).toBe(3);
    expect((await api.request('encodePiece', { split: 'test', from: 0, count: 10 })).means).toHaveLength(2560);
    const numbers = (await api.request('evaluate', evaluated)).evaluation.metrics;
    expect(numbers.map(({ name }) => name)).toEqual(['negativeElbo', 'objective', ...comparisons]);
    const { parts = {}, value } = numbers.find(({ name }) => name === 'negativeElbo') ?? {};
    expect(Object.keys(parts)).toEqual(['reconstruction', 'codes']);
    expect(value).toBeCloseTo((parts['reconstruction'] ?? NaN) + (parts['codes'] ?? NaN), 4);
    expect(numbers.find(({ name }) => name === 'mmd')?.protocol.pictures).toBe('decoder means');
    expect((await api.request('anomalies', { examples: 10 })).protocol.score).toBe('reconstruction');
    expect(await exported(runId)).toEqual(['', 0]);
  });

  it('a VQ-VAE: the prior over its codes is learned after it, kept, the same each time, and left behind by training on', async () => {
    const { viewer: { api, dir, runId }, ended } = await trained('codes');
    expect(ended.kind).toBe('completed');
    const { manifest: { prior } } = await api.request('snapshot', {});
    const { nats = NaN, independentNats = NaN } = prior.learned ?? {};
    expect(nats).toBeLessThan(independentNats);
    expect(independentNats).toBeLessThan(Math.log(16) + 0.1);
    const samples = await api.request('sample', { count: 20, seed: 1 });
    const told: number[] = [];
    api.on('learning', ({ learning }) => { if (learning) told.push(learning.fraction); });
    expect(await api.request('learnPrior', {})).toMatchObject({ learned: { nats, independentNats } }); // of the same seed
    expect(told.length).toBeGreaterThan(0);
    expect(await api.request('sample', { count: 20, seed: 1 })).toEqual(samples);
    const again = (await api.request('snapshot', {})).manifest.prior;
    const cancelled = api.request('learnPrior', {});
    await api.request('cancelPrior', {});
    expect(await cancelled).toEqual({});
    expect((await api.request('snapshot', {})).manifest.prior).toEqual(again);

    // A copy of the run whose prior is lost, or is of other weights, draws codes each by itself, and says so.
    const look = async (id: string, change: (to: string) => Promise<void>) => {
      const to = path.join(held.top, 'runs', id);
      await cp(dir, to, { recursive: true });
      await writeFile(path.join(to, 'run.json'), (await readFile(path.join(dir, 'run.json'), 'utf8')).replace(runId, id));
      await change(to);
      await registerRun(id, to);
      return held.keep(await openRun({ ...place, dir: to, runId: id }));
    };
    const without = await look('without-prior', (to) => rm(path.join(to, 'codePrior.safetensors')));
    expect((await without.api.request('snapshot', {})).manifest.prior).toEqual({ kind: 'codebook', kl: 'none', range: [-3, 3], learns: true });
    const alone = await without.api.request('sample', { count: 20, seed: 1 });
    expect(alone).not.toEqual(samples);
    expect((await without.api.request('evaluate', evaluated)).evaluation.metrics.map(({ name, protocol }) => [name, protocol.pictures])).toContainEqual(['mmd', 'decoder means of codes drawn each by itself']);
    const shown = await cli('sample', 'without-prior', '--out', path.join(held.top, 'alone.png'));
    expect(shown.stderr).toContain('Learn one: vae-lab prior without-prior');
    const learned = await cli('prior', 'without-prior', '--json');
    expect([learned.status, JSON.parse(learned.stdout)]).toEqual([0, expect.objectContaining({ nats, independentNats })]);
    expect(await without.api.request('sample', { count: 20, seed: 1 })).toEqual(samples);

    const longer = held.keep(await branchRun({ ...place, dir, epochs: 3, set: {}, engine: 'compiled', runsFolder: path.join(held.top, 'runs') }));
    expect((await ending(longer)).kind).toBe('completed');
    expect((await longer.api.request('snapshot', {})).manifest.prior.learned).toMatchObject({ step: 24 });
    const left = await look('left-behind', (to) => cp(path.join(longer.dir, 'checkpoints'), path.join(to, 'checkpoints'), { recursive: true }));
    expect((await left.api.request('snapshot', {})).manifest.prior).toEqual({ kind: 'codebook', kl: 'none', range: [-3, 3], learns: true, outdated: 16 });
    expect(await left.api.request('sample', { count: 20, seed: 1 })).not.toEqual(await longer.api.request('sample', { count: 20, seed: 1 }));
  });

  it('a VQ-VAE: a prior that was learned of a stopped run is not told of while that trains on', async () => {
    const run = await held.start(MODELS.replace("blocks: 1 }), training: { epochs: 2", "blocks: 1 }), training: { epochs: 100000"), { modelName: 'codes', engine: 'compiled' });
    await step(run, 3);
    await run.api.request('stop', {});
    expect((await reached(run, 'stopped', 'failed')).kind).toBe('stopped');
    expect((await run.api.request('learnPrior', {})).learned).toBeDefined();
    expect((await run.api.request('snapshot', {})).manifest.prior.learned).toBeDefined();
    const closed = gone(run);
    void run.api.request('shutdown', {}).catch(() => undefined);
    await closed;
    const again = held.keep(await resumeRun({ ...place, dir: run.dir, runId: run.runId }));
    await reached(again, 'running');
    expect((await again.api.request('snapshot', {})).manifest.prior).toEqual({ kind: 'codebook', kl: 'none', range: [-3, 3], learns: true });
  });

  it('a VQ-VAE: pictures are compressed to their codes, and come back as their reconstructions, or whole', async () => {
    const { viewer: { api } } = await trained('codes');
    const { reconstructions } = await api.request('reconstruct', { indices });
    const { originals } = await api.request('encode', { indices });
    const { file, lossless, squaredError, bits } = await api.request('compress', { pictures: originals });
    expect([lossless, bits.pixels]).toEqual([false, 0]);
    expect((await api.request('decompress', { file })).pictures).toEqual(reconstructions);
    expect(squaredError).toBeCloseTo(originals.pixels.reduce((sum, value, i) => sum + ((value - (reconstructions.pixels[i] ?? NaN)) / 255) ** 2, 0) / originals.pixels.length, 6);
    expect(bits.codes).toBeLessThan(64 * 4); // 64 codes of 16
    const { learned } = (await api.request('snapshot', {})).manifest.prior;
    const many = await api.request('compress', { examples: 70 });
    expect(many.bits.codes).toBeCloseTo(64 * (learned?.nats ?? NaN) / Math.LN2, 0); // on the very examples it was measured on
    const whole = await api.request('compress', { pictures: originals, lossless: true });
    expect(whole.lossless).toBe(true);
    expect((await api.request('decompress', { file: whole.file })).pictures).toEqual(originals);
    const damaged = Uint8Array.from(whole.file);
    const middle = Math.floor((25 + Buffer.from(damaged).readUInt32LE(21) + damaged.length) / 2); // of what is coded
    damaged[middle] = (damaged[middle] ?? 0) ^ 0x5a;
    await expect(api.request('decompress', { file: damaged })).rejects.toThrow('The pictures did not come back as they were');
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
    expect(ended).toMatchObject({ kind: 'failed', error: { code: 'data', location: { file: held.modelFile, line: 9 }, message: expect.stringContaining('conditionalVae() needs the class of each example, and the data have no labels') as string } });
    const { status, stderr } = await cli('train', held.modelFile, '--model', 'unlabelled', '--engine', 'compiled');
    expect([status, stderr]).toEqual([4, expect.stringMatching(/^.*small\.vae\.ts:9: conditionalVae\(\) needs the class of each example/)]);
  });
});
