import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import { bernoulli, gaussian, sgd, sprites, vae, type VaeConfig } from '../../../src/vae/index';
import { buildProgram, UnsupportedModelError, type Batch, type NamedTensor } from '../../../src/host/engines/index';
import { Random } from '../../../src/host/training/index';
import { hasTensorflow } from './available';

const shape = [8, 8, 1] as const;
const small = (changes: Partial<VaeConfig> = {}) => vae({
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 6, activation: 'tanh' })],
  decoder: ({ layers }) => [layers.dense({ units: 6, activation: 'tanh' })],
  training: { optimizer: sgd({ learningRate: 1 }) }, ...changes,
});
const convolutional = () => small({
  encoder: ({ layers }) => [layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), layers.flatten()],
  decoder: ({ layers }) => [layers.dense({ units: 32 }), layers.reshape({ targetShape: [4, 4, 2] }), layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' })],
});
const random = new Random(5);
const batch: Batch = { count: 4, data: Float32Array.from({ length: 4 * 64 }, () => random.uniform()) };
const noise = random.normals(12);
const values = { learningRate: 1, beta: 2 };
const moved = (state: readonly NamedTensor[], name: string, index: number, by: number): NamedTensor[] =>
  state.map((tensor) => (tensor.name === name ? { ...tensor, data: tensor.data.map((v, i) => (i === index ? v + by : v)) } : tensor));

describe.each(hasTensorflow ? ['compiled', 'wasm', 'cpu', 'tensorflow'] as const : ['compiled', 'wasm', 'cpu'] as const)('engine %s', (name) => {
  it.each([['bernoulli', bernoulli()], ['gaussian', gaussian({ sigma: 1 })]] as const)('has the gradient that finite differences give (%s)', async (_, likelihood) => {
    const { program } = await buildProgram(name, small({ likelihood }), 1, shape);
    const before = await program.getState();
    const parts = await program.step(batch, noise, values);
    expect(parts.loss).toBeCloseTo((parts.parts['reconstruction'] ?? NaN) + 2 * (parts.parts['kl'] ?? NaN), 3);
    const after = new Map((await program.getState()).map((tensor) => [tensor.name, tensor]));
    const weights = before.filter((tensor) => !tensor.name.startsWith('optimizer/'));
    expect(weights.map((tensor) => tensor.name)).toContain('logVariance/kernel');
    for (const { name: weight, data } of weights) {
      const h = 2e-2;
      const losses: number[] = [];
      for (const by of [h, -h]) {
        await program.setState(moved(before, weight, 0, by));
        losses.push((await program.evaluate(batch, noise, values)).loss);
      }
      const numeric = ((losses[0] ?? 0) - (losses[1] ?? 0)) / (2 * h);
      const analytic = (data[0] ?? 0) - (after.get(weight)?.data[0] ?? 0); // plain SGD, learning rate 1
      expect(Math.abs(numeric - analytic), weight).toBeLessThan(5e-3 * Math.max(1, Math.abs(numeric)));
    }
    program.dispose();
  });

  it('trains a model that draws its own random numbers in both networks, and looks at it', async () => {
    const noisy = (x: tf.Tensor): tf.Tensor => tf.add(x, tf.randomNormal(x.shape, 0, 0.1));
    const { program } = await buildProgram(name, small({
      encoder: ({ layers }) => { const dense = layers.dense({ units: 6 }); return (x) => dense.apply(noisy(tf.reshape(x, [x.shape[0] ?? 0, -1]))) as tf.Tensor; },
      decoder: ({ layers }) => { const dense = layers.dense({ units: 6 }); return (z) => noisy(dense.apply(z) as tf.Tensor); },
    }), 1, shape);
    const z = random.normals(6);
    for (const look of [async () => (await program.encode(batch)).mean, () => program.decode(z, 2)]) {
      const [first, second] = [Float32Array.from(await look()), Float32Array.from(await look())];
      expect(first.every(Number.isFinite)).toBe(true);
      if (name === 'compiled' || name === 'tensorflow') expect(second).toEqual(first); // what is looked at stays while nobody trains
    }
    expect((await program.step(batch, noise, values)).loss).toBeGreaterThan(0);
    program.dispose();
  });

  it('starts from the seed, takes the state back, and frees all it took', async () => {
    const before = tf.memory().numTensors;
    const [a, b, c] = await Promise.all([1, 1, 2].map(async (seed) => (await buildProgram(name, small(), seed, shape)).program));
    if (!a || !b || !c) throw new Error('no program');
    const state = await a.getState();
    expect(await b.getState()).toEqual(state);
    expect(await c.getState()).not.toEqual(state);
    await c.setState(state);
    const z = random.normals(6);
    expect(await c.decode(z, 2)).toEqual(await a.decode(z, 2));
    expect((await a.encode(batch)).mean).toHaveLength(12);
    await expect(a.setState([])).rejects.toThrow('no tensor "encoder/');
    for (const program of [a, b, c]) program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says which layer does not fit', async () => {
    const wrong = small({ decoder: ({ layers }) => [layers.dense({ units: 7 }), layers.reshape({ targetShape: [4, 4, 2] })] });
    await expect(buildProgram(name, wrong, 1, shape)).rejects.toThrow(/Layer 2 of the decoder \(Reshape\)/);
  });

  it('trains functions of tensors with weights of their own', async () => {
    const model = small({
      encoder: ({ layers, variable }) => {
        const hidden = layers.dense({ units: 5 });
        const scale = variable('scale', [5]);
        return (x) => tf.mul(hidden.apply(tf.reshape(x, [-1, 64])) as tf.Tensor, tf.add(scale, 1));
      },
    });
    const { program } = await buildProgram(name, model, 1, shape);
    await program.step(batch, noise, { learningRate: 0.01, beta: 1 });
    const state = await program.getState();
    expect(state.map((tensor) => tensor.name)).toEqual(expect.arrayContaining(['encoder/0/0-kernel', 'encoder/own/scale']));
    expect(state.find((tensor) => tensor.name === 'encoder/own/scale')?.data.some((v) => v !== 0)).toBe(true);
    program.dispose();
  });
});

describe('convolutions', () => {
  it('are refused by wasm in a sentence, and trained by the compiled engine', async () => {
    const before = tf.memory().numTensors;
    await expect(buildProgram('wasm', convolutional(), 1, shape)).rejects.toBeInstanceOf(UnsupportedModelError);
    expect(tf.memory().numTensors).toBe(before);
    vi.stubEnv('VAE_LAB_COMPONENTS', '/nothing/set/up/here');
    const { engine, program, notice } = await buildProgram('auto', convolutional(), 1, shape);
    vi.unstubAllEnvs();
    expect([engine.name, notice]).toEqual(['compiled', undefined]);
    const first = await program.evaluate(batch, noise, values);
    for (let i = 0; i < 10; i++) await program.step(batch, noise, { learningRate: 0.01, beta: 1 });
    expect((await program.evaluate(batch, noise, values)).loss).toBeLessThan(first.loss);
    program.dispose();
  });
});
