import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { VaeNetwork } from '../../../../../src/host/engines/vaeNetwork';
import { withSeededMath } from '../../../../../src/host/engines/seededMath';
import { gaussian, sprites, vae, type VaeConfig } from '../../../../../src/vae/index';
import { Random } from '../../../../../src/host/training/index';
import { record, type Recording } from './recorder';
import { hasTensorflow } from '../../available';
import { difference, run, runOnTensorflow, type Runner } from './running';

beforeAll(() => startBackend('cpu'));
const runners: readonly Runner[] = [(recording) => run(recording), (recording) => run(recording, { portable: true }), ...(hasTensorflow ? [runOnTensorflow] : [])];

/** The losses of a whole model and the gradients of all its weights. */
function recorded(config: VaeConfig, shape: readonly [number, number, number], count: number): Recording {
  const random = new Random(3);
  const network = withSeededMath(1, () => {
    const made = new VaeNetwork(vae(config), shape);
    made.initialize();
    return made;
  });
  for (const { variable } of network.weights) variable.assign(tf.add(variable, tf.tensor(random.normals(variable.size).map((v) => Math.abs(v) * 0.1), variable.shape))); // no weight is 0
  const x = tf.tensor(Float32Array.from({ length: count * shape[0] * shape[1] * shape[2] }, () => random.uniform()), [count, ...shape]);
  const noise = tf.tensor(random.normals(count * config.latentDim), [count, config.latentDim]);
  const [beta, sigma] = [tf.scalar(1.5), tf.scalar(0.5)];
  const before = network.weights.map(({ variable }) => variable.clone()); // averages move while recording, after they were used
  const inputs = { x, noise, 'hyperparameter:beta': beta, 'hyperparameter:sigma': sigma, ...Object.fromEntries(network.weights.map(({ name, variable }) => [name, variable])) };
  const recording = record(inputs, () => {
    let parts: Record<string, tf.Tensor> = {};
    const { grads } = tf.variableGrads(() => {
      const losses = network.losses({ x, noise, hyperparameters: { beta, sigma } }, true);
      parts = { loss: tf.keep(losses.loss), ...Object.fromEntries(Object.entries(losses.parts).map(([name, part]) => [name, tf.keep(part)])) };
      return losses.loss;
    }, network.trainable.map(({ variable }) => variable));
    return { ...parts, ...Object.fromEntries(network.trainable.map(({ name, variable }) => [`gradient of ${name}`, grads[variable.name] ?? tf.zerosLike(variable)])) };
  });
  return { ...recording, feeds: new Map([...recording.feeds, ...network.weights.map(({ name }, i): [string, tf.Tensor] => [name, before[i] ?? tf.scalar(0)])]) };
}

const mlp: VaeConfig = {
  data: sprites(), latentDim: 4,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })],
};

const conv: VaeConfig = {
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), layers.flatten()],
  decoder: ({ layers }) => [
    layers.dense({ units: 24, activation: 'relu' }), layers.reshape({ targetShape: [2, 2, 6] }),
    layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same' }),
  ],
};
const normalized: VaeConfig = {
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), layers.batchNormalization(), layers.leakyReLU({ alpha: 0.2 }), layers.separableConv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'selu' }),
    layers.maxPooling2d({ poolSize: 2 }), layers.flatten(), layers.dense({ units: 8 }), layers.layerNormalization(), layers.prelu(),
  ],
  decoder: ({ layers }) => [
    layers.dense({ units: 32, activation: 'elu' }), layers.reshape({ targetShape: [4, 4, 2] }), layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
    layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'tanh', useBias: false }), layers.batchNormalization(), layers.averagePooling2d({ poolSize: 2 }), layers.flatten(),
  ],
};
const recurrent = (kind: 'lstm' | 'gru' | 'simpleRNN'): VaeConfig => ({
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [layers.reshape({ targetShape: [8, 8] }), layers[kind]({ units: 6, returnSequences: true }), layers.bidirectional({ layer: layers[kind]({ units: 5 }) as tf.RNN, mergeMode: 'concat' })],
  decoder: ({ layers }) => [layers.repeatVector({ n: 8 }), layers[kind]({ units: 6, returnSequences: true }), layers.dense({ units: 8, activation: 'sigmoid' }), layers.flatten()],
});

describe('a whole step equals eager TensorFlow.js', () => {
  it.each([
    ['MLP', mlp, 5], ['MLP, Gaussian', { ...mlp, likelihood: gaussian({ sigma: 0.5 }) }, 5], ['convolutions', conv, 3], ['convolutions with normalization', normalized, 1],
    ['LSTM', recurrent('lstm'), 3], ['GRU', recurrent('gru'), 3], ['simple recurrent', recurrent('simpleRNN'), 3],
  ] as const)('%s', async (_, config, count) => {
    const recording = recorded(config, [8, 8, 1], count);
    expect([...recording.expected.values()].filter(({ data }) => data.every((value) => value === 0)).length).toBeLessThanOrEqual(1);
    for (const runs of runners) {
      const actual = await runs(recording);
      for (const [name, { data }] of recording.expected) expect(difference(actual.get(name) ?? [], data), name).toBeLessThan(1e-5);
    }
  });
});
