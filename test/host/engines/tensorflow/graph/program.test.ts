import { describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { adam, adamw, rmsprop, sgd, sprites, vae, type VaeConfig, type VaeModel } from '../../../../../src/vae/index';
import { buildProgram, passGate, startEngine, type Batch, type NamedEngine, type Program } from '../../../../../src/host/engines/index';
import { GraphProgram } from '../../../../../src/host/engines/tensorflow/graph/program';
import { TfjsProgram } from '../../../../../src/host/engines/tfjsProgram';
import { Random } from '../../../../../src/host/training/index';
import { hasTensorflow } from '../../available';

const shape = [8, 8, 1] as const;
const BATCH = 6;
const random = new Random(9);
const batch = (): Batch => ({ count: BATCH, data: Float32Array.from({ length: BATCH * 64 }, () => random.uniform()) });
const dense = (changes: Partial<VaeConfig> = {}) => vae({
  data: sprites(), latentDim: 3, training: { batchSize: BATCH },
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 12, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 12, activation: 'relu' })], ...changes,
});
const convolutional = () => dense({
  encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.leakyReLU(), layers.flatten()],
  decoder: ({ layers }) => [layers.dense({ units: 64, activation: 'relu' }), layers.reshape({ targetShape: [4, 4, 4] }), layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' })],
});
const models: Record<string, () => VaeModel> = {
  'dense': dense,
  'convolutions with batch normalization': convolutional,
  'dropout': () => dense({ encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 12, activation: 'tanh' }), layers.dropout({ rate: 0.4 })] }),
  'a recurrent encoder': () => dense({ encoder: ({ layers }) => [layers.reshape({ targetShape: [8, 8] }), layers.lstm({ units: 5 })] }),
  'a volume': () => dense({ encoder: ({ layers }) => [layers.reshape({ targetShape: [4, 4, 4, 1] }), layers.conv3d({ filters: 2, kernelSize: 2, activation: 'relu' }), layers.averagePooling3d({ poolSize: [2, 2, 2] }), layers.flatten()] }),
};
const build = async (engine: NamedEngine, model: VaeModel, seed = 1): Promise<Program> => (await buildProgram(engine, model, seed, shape)).program;
const worst = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));

describe.skipIf(!hasTensorflow)('a training step as one TensorFlow graph', () => {
  it.each(Object.entries(models))('passes the gradient gate on a model: %s', async (_, model) => {
    const { program, gated, notice } = await buildProgram('tensorflow', model(), 1, shape);
    expect(program).toBeInstanceOf(GraphProgram);
    expect([gated, notice]).toEqual([true, undefined]);
    const gate = await passGate('tensorflow', program, model(), 1, shape);
    expect(gate).toMatchObject({ passed: true, oracle: 'cpu' });
    expect(gate.error).toBeLessThan(1e-4);
    program.dispose();
  });

  it.each([
    ['dense', adam({ learningRate: 1e-3 })], ['dense', sgd({ learningRate: 1e-3, momentum: 0.9 })], ['dense', sgd({ learningRate: 1e-3 })], ['dense', rmsprop()], ['dense', adamw({ weightDecay: 0.1 })],
    ['dense', sgd({ learningRate: 1e-3, momentum: 0.9, nesterov: true })], ['dense', sgd({ learningRate: 1e-1 }), 0.5], ['dense', adamw({ learningRate: 1e-2 }), 0.5],
    ['convolutions with batch normalization', sgd({ learningRate: 1e-3 })], ['dropout', sgd({ learningRate: 1e-3 })],
  ] as const)('follows the engine compiled on %s (%o, gradients clipped to %s)', async (name, optimizer, clipNorm = undefined) => {
    const model = { ...(models[name] ?? dense)(), training: { ...dense().training, optimizer, ...(clipNorm === undefined ? {} : { clipNorm }) } };
    const [graph, compiled] = [await build('tensorflow', model), await build('compiled', model)];
    const near = (a: number, b: number, what: string): void => { expect(Math.abs(a - b), what).toBeLessThan(2e-5 * Math.max(1, Math.abs(b))); };
    for (let i = 0; i < 20; i++) {
      const [data, noise] = [batch(), random.normals(BATCH * 3)];
      const values = { learningRate: optimizer.learningRate, beta: 1 + i / 10 };
      const perWeight = i % 7 === 3;
      const [a, b] = [await graph.step(data, noise, values, perWeight), await compiled.step(data, noise, values, perWeight)];
      for (const part of ['loss', 'gradientNorm'] as const) near(a[part], b[part], `${part} at step ${i}`);
      expect(Object.keys(a.parts)).toEqual(Object.keys(b.parts));
      for (const [part, value] of Object.entries(a.parts)) near(value, b.parts[part] ?? NaN, `${part} at step ${i}`);
      expect(a.weights?.map((weight) => weight.name)).toEqual(b.weights?.map((weight) => weight.name));
      for (const [k, weight] of (a.weights ?? []).entries()) for (const norm of ['gradient', 'change', 'weight'] as const) near(weight[norm], b.weights?.[k]?.[norm] ?? NaN, `${norm} of ${weight.name}`);
      expect(a.weights !== undefined).toBe(perWeight);
    }
    const [data, noise, z] = [batch(), random.normals(BATCH * 3), random.normals(6)];
    expect((await graph.evaluate(data, noise, { learningRate: 0, beta: 1 })).loss).toBeCloseTo((await compiled.evaluate(data, noise, { learningRate: 0, beta: 1 })).loss, 2);
    expect(worst(await graph.decode(z, 2), await compiled.decode(z, 2))).toBeLessThan(1e-4);
    expect(worst((await graph.encode(data)).logVariance, (await compiled.encode(data)).logVariance)).toBeLessThan(1e-4);
    for (const program of [graph, compiled]) program.dispose();
  });

  it.each([['compiled', 'tensorflow'], ['tensorflow', 'compiled']] as const)('a run of %s goes on in %s as if it had stayed', async (from, to) => {
    const [first, second] = [await build(from, convolutional()), await build(to, convolutional(), 2)];
    const [data, noise] = [batch(), random.normals(BATCH * 3)];
    const losses = async (program: Program, count: number): Promise<number[]> => {
      const made: number[] = [];
      while (made.length < count) made.push((await program.step(data, noise, { learningRate: 1e-2, beta: 1 })).loss);
      return made;
    };
    await losses(first, 5);
    const state = await first.getState();
    await second.setState(state);
    expect(await second.getState()).toEqual(state); // weights, averages and optimizer, bit for bit
    const [stayed, moved] = [await losses(first, 10), await losses(second, 10)];
    expect(Math.max(...stayed.map((loss, i) => Math.abs(loss / (moved[i] ?? NaN) - 1)))).toBeLessThan(1e-4);
    for (const program of [first, second]) program.dispose();
  });

  it('takes its state along to another number of examples, and a view has the weights of the last step', async () => {
    const [program, steady] = [await build('tensorflow', dense()), await build('compiled', dense())];
    const z = random.normals(3);
    for (const count of [BATCH, 4, 4, BATCH]) {
      const [data, noise] = [{ count, data: batch().data.slice(0, count * 64) }, random.normals(count * 3)];
      const [a, b] = [await program.step(data, noise, { learningRate: 1e-2, beta: 1 }), await steady.step(data, noise, { learningRate: 1e-2, beta: 1 })];
      expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(1e-5);
      expect(worst(await program.decode(z, 1), await steady.decode(z, 1))).toBeLessThan(1e-4);
    }
    for (const one of [program, steady]) one.dispose();
  });

  it('keeps a state that it was given, whatever becomes of the memory it was in', async () => {
    const program = await build('tensorflow', dense());
    const state = await program.getState();
    for (const offset of [0, 16, 32, 48]) { // TensorFlow takes memory as it is where that is aligned
      const given = state.map((tensor) => ({ ...tensor, data: new Float32Array(new ArrayBuffer(tensor.data.byteLength + 64), offset, tensor.data.length) }));
      given.forEach(({ data }, i) => { data.set(state[i]?.data ?? []); });
      await program.setState(given);
      for (const { data } of given) data.fill(NaN);
      expect(await program.getState()).toEqual(state);
    }
    program.dispose();
  });

  it('draws dropout anew at each step, and the same for the same noise', async () => {
    const program = await build('tensorflow', models['dropout']?.() ?? dense());
    const state = await program.getState();
    const [data, noise, other] = [batch(), random.normals(BATCH * 3), random.normals(1)];
    const losses: number[] = [];
    for (const given of [noise, noise, Float32Array.of(...other, ...noise.slice(1))]) {
      await program.setState(state);
      losses.push((await program.step(data, given, { learningRate: 1e-3, beta: 0 })).parts['reconstruction'] ?? NaN);
    }
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).not.toBe(losses[0]);
    program.dispose();
  });

  it('keeps no tensor and no graph, neither TensorFlow.js\'s nor TensorFlow\'s', async () => {
    await startEngine.tensorflow();
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors: () => number; getNumOfSavedModels: () => number } };
    const counts = () => [tf.memory().numTensors, binding.getNumOfTensors(), binding.getNumOfSavedModels()];
    const before = counts();
    const { eager, build: buildGraph } = await startEngine.tensorflow();
    const program = await buildGraph(convolutional(), 1, shape);
    const at = async (): Promise<number[]> => {
      await program.step(batch(), random.normals(BATCH * 3), { learningRate: 1e-3, beta: 1 });
      return counts();
    };
    const one = await at();
    for (let i = 0; i < 5; i++) expect(await at()).toEqual(one);
    await program.decode(random.normals(6), 2);
    await program.encode(batch());
    await program.gradients(batch(), random.normals(BATCH * 3), { learningRate: 0, beta: 1 });
    program.dispose();
    const eagerly = await eager?.build(convolutional(), 1, shape);
    await eagerly?.step(batch(), random.normals(BATCH * 3), { learningRate: 1e-3, beta: 1 });
    eagerly?.dispose();
    expect(counts()).toEqual(before);
  });

  it.each([['adam', adam()], ['adamw', adamw()], ['momentum', sgd({ momentum: 0.9 })], ['rmsprop', rmsprop()]] as const)('leaves weights, averages and slots of %s as they are where the loss is not finite, and goes on', async (_, optimizer) => {
    const [program, steady] = [await build('tensorflow', { ...convolutional(), training: { ...dense().training, optimizer } }), await build('compiled', { ...convolutional(), training: { ...dense().training, optimizer } })];
    const values = { learningRate: 1e-3, beta: 1 };
    const [first, second] = [1, 2].map(() => ({ data: batch(), noise: random.normals(BATCH * 3) }));
    if (!first || !second) throw new Error('no batch');
    for (const one of [program, steady]) await one.step(first.data, first.noise, values);
    const before = await program.getState();
    const made = await program.step({ count: BATCH, data: first.data.data.map(() => NaN) }, first.noise, values, true);
    expect([made.loss, made.gradientNorm, made.weights]).toEqual([NaN, NaN, undefined]);
    expect(await program.getState()).toEqual(before);
    expect((await program.step(second.data, second.noise, values)).loss / (await steady.step(second.data, second.noise, values)).loss).toBeCloseTo(1, 4);
    expect((await program.getState()).some(({ data }, i) => data.some((value, k) => value !== before[i]?.data[k]))).toBe(true);
    for (const one of [program, steady]) one.dispose();
  });

  it('runs operation by operation what cannot be one graph, saying why', async () => {
    const reading = dense({ decoder: ({ layers }) => {
      const layer = layers.dense({ units: 8 });
      return (z) => { console.assert(z.dataSync().length > 0); return layer.apply(z) as tf.Tensor; };
    } });
    const { program, engine, way, gated, notice } = await buildProgram('tensorflow', reading, 1, shape);
    expect(program).toBeInstanceOf(TfjsProgram);
    expect([engine.name, way, gated]).toEqual(['tensorflow', 'tensorflow', true]);
    expect(notice).toMatch(/^TensorFlow cannot run a step of this model as one graph\. A value is read inside the training step, .* It runs operation by operation instead, which is slower\.$/s);
    program.dispose();
  });

  it('runs operation by operation where the graph is refused, saying why', async () => {
    const { program, way, notice } = await buildProgram('tensorflow', dense(), 1, shape, { refused: new Map([['tensorflow as one graph', 'Its gradients are wrong.']]) });
    expect(program).toBeInstanceOf(TfjsProgram);
    expect([way, notice]).toEqual(['tensorflow', 'Its gradients are wrong. It runs operation by operation instead, which is slower.']);
    program.dispose();
  });
});
