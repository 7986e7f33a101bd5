import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { trace } from '../../../../../src/host/engines/compiled/trace/index';
import { VaeNetwork } from '../../../../../src/host/engines/vaeNetwork';
import { Random } from '../../../../../src/host/training/index';
import { bernoulli, gaussian, sprites, stopGradient, vae, type VaeConfig } from '../../../../../src/vae/index';
import { interpret } from '../interpret';

beforeAll(() => startBackend('cpu'));
const random = new Random(3);
const batch = 4;
const imageShape = [8, 8, 1] as const;

function network(config: Partial<VaeConfig>): VaeNetwork {
  const made = new VaeNetwork(vae({
    data: sprites(), latentDim: 3,
    encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 12, activation: 'relu' })],
    decoder: ({ layers }) => [layers.dense({ units: 12, activation: 'relu' })],
    ...config,
  }), imageShape);
  made.initialize();
  return made;
}

const given = { x: Array.from({ length: batch * 64 }, () => random.uniform()), noise: [...random.normals(batch * 3)], beta: [0.7], sigma: [0.5] };
const inputs = [{ name: 'x', shape: [batch, ...imageShape] }, { name: 'noise', shape: [batch, 3] }, { name: 'beta', shape: [] }, { name: 'sigma', shape: [] }];

/** Loss parts and the gradients of all weights, by name. */
const stepOf = (vaeNetwork: VaeNetwork) => (of: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
  const { x, noise, beta, sigma } = of;
  if (!x || !noise || !beta || !sigma) throw new Error('inputs are missing');
  let parts: Record<string, tf.Tensor> = {};
  const { grads } = tf.variableGrads(() => {
    const losses = vaeNetwork.losses({ x, noise, hyperparameters: { beta: beta as tf.Scalar, sigma: sigma as tf.Scalar } }, true);
    parts = Object.fromEntries(Object.entries({ loss: losses.loss, ...losses.parts }).map(([name, loss]) => [name, tf.keep(loss)]));
    return losses.loss;
  }, vaeNetwork.trainable.map(({ variable }) => variable));
  for (const part of Object.values(parts)) part.kept = false;
  parts = Object.fromEntries(Object.entries(parts).map(([name, part]) => {
    const kept = tf.clone(part);
    part.dispose();
    return [name, kept];
  }));
  const byVariable = new Map(vaeNetwork.trainable.map(({ name, variable }) => [variable.name, name]));
  return { ...parts, ...Object.fromEntries(Object.entries(grads).map(([name, g]) => [`gradient:${byVariable.get(name) ?? name}`, g])) };
};

const runEagerly = (model: VaeNetwork): Record<string, number[]> => tf.tidy(() => {
  const of = Object.fromEntries(inputs.map(({ name, shape }) => [name, tf.tensor(given[name as keyof typeof given], shape)]));
  return Object.fromEntries(Object.entries(stepOf(model)(of)).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]));
});
function expectEqual(traced: Record<string, number[]>, eager: Record<string, number[]>): void {
  expect(Object.keys(traced)).toEqual(Object.keys(eager));
  for (const [name, expected] of Object.entries(eager)) {
    const size = Math.max(1, ...expected.map(Math.abs));
    expected.forEach((value, i) => { expect(Math.abs((traced[name]?.[i] ?? NaN) - value), name).toBeLessThanOrEqual(1e-6 * size); });
  }
}

const lstm = (): Partial<VaeConfig> => ({ encoder: ({ layers }) => [layers.reshape({ targetShape: [8, 8] }), layers.lstm({ units: 5 })] });
const convolutional = (normalized: boolean): Partial<VaeConfig> => ({
  encoder: ({ layers }) => [
    layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }), ...(normalized ? [layers.batchNormalization()] : []), layers.reLU(), layers.maxPooling2d({ poolSize: 2 }), layers.flatten(),
  ],
  decoder: ({ layers }) => [
    layers.dense({ units: 32 }), ...(normalized ? [layers.batchNormalization()] : []), layers.leakyReLU(), layers.reshape({ targetShape: [4, 4, 2] }),
    layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' }),
  ],
});
/** A quantized code (van den Oord et al. 2017): the nearest of a table, the gradient passed straight through; the table is drawn along a little. */
const quantized = (): Partial<VaeConfig> => ({
  decoder: ({ layers, variable }) => {
    const table = variable('table', [6, 3]);
    const dense = layers.dense({ units: 8 });
    return (z) => {
      const distances = tf.sum(tf.square(tf.sub(tf.expandDims(z, 1), tf.expandDims(table, 0))), 2);
      const nearest = tf.gather(table, stopGradient(() => tf.argMin(distances, 1)) as tf.Tensor1D);
      const straight = tf.add(z, stopGradient(() => tf.sub(nearest, z)));
      return dense.apply(tf.add(straight, tf.mul(tf.sub(nearest, stopGradient(z)), 0.1))) as tf.Tensor;
    };
  },
});

describe('a traced VAE', () => {
  it.each<[string, Partial<VaeConfig>]>([
    ['of dense layers', {}],
    ['with Gaussian pixels', { likelihood: gaussian({ sigma: 0.5 }) }],
    ['of tanh', { likelihood: bernoulli(), decoder: ({ layers }) => [layers.dense({ units: 5, activation: 'tanh' })] }],
    ['of convolutions', convolutional(false)],
    ['of convolutions with batch norm', convolutional(true)],
    ['of an LSTM', lstm()],
    ['with a quantized code', quantized()],
  ])('%s has the losses and gradients of eager TensorFlow.js', (_, config) => {
    const model = network(config);
    const before = tf.memory();
    const values = (): Record<string, number[]> => Object.fromEntries(model.weights.map(({ name, variable }) => [name, Array.from(variable.dataSync())]));
    const weights = values();
    const { graph, noise, assigned } = trace({ inputs, variables: model.weights, step: stepOf(model) });
    expect({ memory: tf.memory(), backend: tf.getBackend(), weights: values() }).toEqual({ memory: before, backend: 'cpu', weights });
    expect({ noise, assigned }).toEqual({ noise: [], assigned: model.weights.filter(({ trainable }) => !trainable).map(({ name }) => name) });
    const traced = interpret(graph, { ...given, ...weights });
    const eager = runEagerly(model);
    const after = values();
    for (const name of assigned) eager[`assign:${name}`] = after[name] ?? [];
    expectEqual(traced, eager);
    expect(Object.keys(eager).filter((name) => name.startsWith('gradient:'))).toHaveLength(model.trainable.length);
    model.dispose();
  });

  it('with dropout has the losses and gradients of eager TensorFlow.js for the same noise', () => {
    const model = network({
      encoder: ({ layers }) => [layers.flatten(), layers.dropout({ rate: 0.3 }), layers.dense({ units: 12, activation: 'relu' }), layers.gaussianNoise({ stddev: 0.2 })],
      decoder: ({ layers }) => [layers.dense({ units: 12 }), layers.dropout({ rate: 0.5 })],
    });
    const { graph, noise } = trace({ inputs, variables: model.weights, step: stepOf(model) });
    expect(noise.map(({ kind, shape, scale, shift }) => [kind, shape.length, scale, shift])).toEqual([['uniform', 2, 1, 0], ['normal', 2, 0.2, 0], ['uniform', 2, 1, 0]]);
    const weights = Object.fromEntries(model.weights.map(({ name, variable }) => [name, Array.from(variable.dataSync())]));
    const seed = 0.3;
    const drawn = tf.tidy(() => Object.fromEntries(noise.map(({ name, shape, kind }) => [
      name, Array.from((kind === 'normal' ? tf.randomNormal([...shape], 0, 0.2, 'float32', seed) : tf.randomUniform([...shape], 0, 1, 'float32', seed)).dataSync()),
    ])));
    const original = Math.random;
    Math.random = () => seed; // what TensorFlow.js seeds each draw from
    const eager = runEagerly(model);
    Math.random = original;
    expectEqual(interpret(graph, { ...given, ...weights, ...drawn }), eager);
    model.dispose();
  });

  it('trains as eager TensorFlow.js does, batch norm\'s averages included, from one graph', () => {
    const model = network(convolutional(true));
    const { graph, assigned } = trace({ inputs, variables: model.weights, step: stepOf(model) });
    const weights = Object.fromEntries(model.weights.map(({ name, variable }) => [name, Array.from(variable.dataSync())]));
    const rate = 0.02;
    for (let i = 0; i < 5; i++) {
      const traced = interpret(graph, { ...given, ...weights });
      const eager = runEagerly(model); // assigns the averages
      for (const [name, data] of Object.entries(weights)) {
        const gradient = traced[`gradient:${name}`];
        weights[name] = assigned.includes(name) ? traced[`assign:${name}`] ?? [] : data.map((w, k) => w - rate * (gradient?.[k] ?? 0));
      }
      for (const { name, variable } of model.trainable) tf.tidy(() => { variable.assign(tf.sub(variable, tf.mul(tf.tensor(eager[`gradient:${name}`] ?? [], variable.shape), rate))); });
      expect(Math.abs((traced['loss']?.[0] ?? NaN) / (eager['loss']?.[0] ?? NaN) - 1), `step ${i + 1}`).toBeLessThan(1e-5);
    }
    const averages = model.weights.filter(({ name }) => assigned.includes(name));
    expect(averages).toHaveLength(4);
    for (const { name, variable } of averages) variable.dataSync().forEach((value, k) => { expect(weights[name]?.[k], name).toBeCloseTo(value, 4); });
    model.dispose();
  });

  it('traces the same on another backend, which is current again afterwards', async () => {
    const model = network({});
    const onCpu = trace({ inputs, variables: model.weights, step: stepOf(model) });
    await startBackend('wasm');
    const before = { memory: tf.memory(), data: tf.backend().numDataIds() };
    const onWasm = trace({ inputs, variables: model.weights, step: stepOf(model) });
    expect({ memory: tf.memory(), data: tf.backend().numDataIds() }).toEqual(before);
    expect(tf.getBackend()).toBe('wasm');
    await startBackend('cpu');
    const bare = ({ graph }: typeof onCpu): unknown => ({ ...graph, outputs: graph.outputs.map(({ value }) => value) });
    expect(bare(onWasm)).toEqual(bare(onCpu));
    model.dispose();
  });

  it('says at which line the layer of an operation was made', () => {
    const line = readFileSync(__filename, 'utf8').split('\n').findIndex((text) => /^ {4}const model.*units: 321/.test(text)) + 1;
    const model = network({ encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 321 })] });
    const { graph } = trace({ inputs, variables: model.weights, step: stepOf(model) });
    const calls = graph.calls.filter(({ outputs }) => outputs.some(({ shape }) => shape.join() === `${batch},321`));
    expect(calls.map(({ madeAt }) => madeAt)).toContain(`${__filename}:${line}`);
    model.dispose();
  });
});
