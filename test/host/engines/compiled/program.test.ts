import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { rmsprop, sgd, sprites, vae, type VaeConfig } from '../../../../src/vae/index';
import { buildProgram, passGate, UnsupportedModelError, type Batch, type EngineName, type Program } from '../../../../src/host/engines/index';
import { loadModel } from '../../../../src/host/loadModel';
import { Random } from '../../../../src/host/training/index';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
afterEach(() => { vi.unstubAllEnvs(); });

const shape = [8, 8, 1] as const;
const random = new Random(9);
const BATCH = 6;
const batch = (): Batch => ({ count: BATCH, data: Float32Array.from({ length: BATCH * 64 }, () => random.uniform()) });
const dense = (changes: Partial<VaeConfig> = {}) => vae({
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 12, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 12, activation: 'relu' })], ...changes,
});
const models: Record<string, () => ReturnType<typeof vae>> = {
  'a dense model': dense,
  'convolutions with batch normalization': () => dense({
    encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.leakyReLU(), layers.flatten()],
    decoder: ({ layers }) => [layers.dense({ units: 64, activation: 'relu' }), layers.reshape({ targetShape: [4, 4, 4] }), layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' })],
  }),
  'dropout': () => dense({ encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 12, activation: 'tanh' }), layers.dropout({ rate: 0.4 })] }),
  'a recurrent encoder': () => dense({ encoder: ({ layers }) => [layers.reshape({ targetShape: [8, 8] }), layers.lstm({ units: 5 })] }),
  'pooling, up-sampling and layer normalization': () => dense({
    encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'selu' }), layers.maxPooling2d({ poolSize: 2 }), layers.flatten(), layers.layerNormalization()],
    decoder: ({ layers }) => [layers.dense({ units: 32 }), layers.reshape({ targetShape: [4, 4, 2] }), layers.upSampling2d({ size: [2, 2] }), layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' })],
  }),
};
const built = async (engine: EngineName, model: ReturnType<typeof vae>): Promise<Program> => (await buildProgram(engine, model, 1, shape)).program;

describe('the compiled engine', () => {
  it.each(Object.entries(models))('passes the gradient gate on %s', async (_, model) => {
    const { engine, program, gated, notice } = await buildProgram('auto', model(), 1, shape);
    expect([engine.name, gated, notice]).toEqual(['compiled', true, undefined]);
    const gate = await passGate('compiled', program, model(), 1, shape);
    expect(gate).toMatchObject({ passed: true });
    expect(gate.error).toBeLessThan(1e-4);
    program.dispose();
  });

  it.each([['a dense model', sgd({ learningRate: 1e-2, momentum: 0.9 })], ['a dense model', rmsprop()], ['convolutions with batch normalization', sgd({ learningRate: 1e-3 })]] as const)('follows eager training on %s (%o)', async (name, optimizer) => {
    const model = { ...(models[name] ?? dense)(), training: { ...dense().training, optimizer } };
    const [compiled, eager] = [await built('compiled', model), await built('cpu', model)];
    for (let i = 0; i < 20; i++) {
      const [data, noise] = [batch(), random.normals(BATCH * 3)];
      const values = { learningRate: optimizer.learningRate, beta: 1 + i / 10 };
      const [a, b] = [await compiled.step(data, noise, values), await eager.step(data, noise, values)];
      expect(Object.keys(a.parts)).toEqual(['reconstruction', 'kl']);
      for (const [part, value, wanted] of [['loss', a.loss, b.loss], ...Object.entries(b.parts).map(([name, number]) => [name, a.parts[name] ?? NaN, number] as const)] as const) expect(Math.abs(value - wanted), `${part} at step ${i}`).toBeLessThan(2e-5 * Math.max(1, Math.abs(wanted)));
    }
    const [data, noise, z] = [batch(), random.normals(BATCH * 3), random.normals(6)];
    expect((await compiled.evaluate(data, noise, { learningRate: 0, beta: 1 })).loss).toBeCloseTo((await eager.evaluate(data, noise, { learningRate: 0, beta: 1 })).loss, 2);
    const [pictures, wanted] = [await compiled.decode(z, 2), await eager.decode(z, 2)];
    expect(Math.max(...pictures.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))))).toBeLessThan(1e-4);
    const [{ mean }, posterior] = [await compiled.encode(data), await eager.encode(data)];
    expect(Math.max(...mean.map((value, i) => Math.abs(value - (posterior.mean[i] ?? NaN))))).toBeLessThan(1e-4);
    for (const program of [compiled, eager]) program.dispose();
  });

  it('draws dropout anew at each step, and the same for the same noise', async () => {
    const program = await built('compiled', models['dropout']?.() ?? dense());
    const state = await program.getState();
    const [data, noise, other] = [batch(), random.normals(BATCH * 3), random.normals(BATCH * 3)];
    const losses: number[] = [];
    for (const given of [noise, noise, Float32Array.from(other.map((value, i) => (i === 0 ? value : noise[i] ?? 0)))]) {
      await program.setState(state);
      losses.push((await program.step(data, given, { learningRate: 1e-3, beta: 0 })).parts['reconstruction'] ?? NaN);
    }
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).not.toBe(losses[0]);
    program.dispose();
  });

  it('gives views of any number of examples, each the same whatever else is asked for with it', async () => {
    const program = await built('compiled', dense());
    const z = random.normals(15);
    const five = await program.decode(z, 5);
    expect(five).toHaveLength(5 * 64);
    const last = await program.decode(z.slice(12), 1);
    expect(Math.max(...last.map((value, i) => Math.abs(value - (five[4 * 64 + i] ?? NaN))))).toBeLessThan(1e-6);
    program.dispose();
  });

  it('keeps no tensor, built, stepped and disposed of', async () => {
    const before = tf.memory().numTensors;
    const program = await built('compiled', dense());
    await program.step(batch(), random.normals(BATCH * 3), { learningRate: 1e-3, beta: 1 });
    program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('makes no arrays for what a step gives: gradients are put where they are wanted, once', async () => {
    const program = await built('compiled', dense({ encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400 })] }));
    const [data, noise] = [batch(), random.normals(BATCH * 3)];
    const step = () => program.step(data, noise, { learningRate: 1e-3, beta: 1 });
    await step();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 10; i++) await step();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 400 * Float32Array.BYTES_PER_ELEMENT); // one weight's gradient
    program.dispose();
  });

  it('refuses weights that its memory does not hold', async () => {
    const zeros = { units: 16_600, kernelInitializer: 'zeros' } as const; // whose pages are never touched
    await expect(buildProgram('compiled', dense({ encoder: ({ layers }) => [layers.flatten(), layers.dense(zeros), layers.dense(zeros)] }), 1, [4, 4, 1])).rejects.toThrow(/take 4\.1 GB, and it holds 4 GB at most/);
  });

  it('refuses what it cannot compile with the line, and auto trains it eagerly, saying so', async () => {
    const file = path.join(top, 'reads.vae.ts');
    writeFileSync(file, `import { sprites, vae } from 'vae-lab';
export const reads = vae({
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8 })],
  decoder: ({ layers }) => {
    const dense = layers.dense({ units: 8 });
    return (z) => {
      console.assert(z.dataSync().length > 0);
      return dense.apply(z);
    };
  },
});
`);
    vi.stubEnv('VAE_LAB_COMPONENTS', path.join(top, 'components'));
    const { model } = await loadModel(file, 'reads');
    const before = tf.memory().numTensors;
    await expect(buildProgram('compiled', model, 1, shape)).rejects.toThrow(UnsupportedModelError);
    expect(tf.memory().numTensors).toBe(before);
    const { engine, program, notice } = await buildProgram('auto', model, 1, shape);
    expect(engine.name).toBe('wasm');
    expect(notice).toMatch(/^The engine "compiled" cannot train this model\. .*reads\.vae\.ts:8\) Training runs on engine "wasm" instead, which is slower\.$/);
    const first = await program.step(batch(), random.normals(BATCH * 3), { learningRate: 1e-2, beta: 1 });
    expect(first.loss).toBeGreaterThan(0);
    program.dispose();
  });
});
