import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { trace } from '../../../../../src/host/engines/compiled/trace/index';
import { VaeNetwork } from '../../../../../src/host/engines/vaeNetwork';
import { Random } from '../../../../../src/host/training/index';
import { bernoulli, gaussian, sprites, vae, type VaeConfig } from '../../../../../src/vae/index';
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

const given = { x: Array.from({ length: batch * 64 }, () => random.uniform()), noise: [...random.normals(batch * 3)], beta: [0.7] };
const inputs = [{ name: 'x', shape: [batch, ...imageShape] }, { name: 'noise', shape: [batch, 3] }, { name: 'beta', shape: [] }];

/** Loss parts and the gradients of all weights, by name. */
const stepOf = (vaeNetwork: VaeNetwork) => (of: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
  const { x, noise, beta } = of;
  if (!x || !noise || !beta) throw new Error('inputs are missing');
  let parts: Record<string, tf.Tensor> = {};
  const { grads } = tf.variableGrads(() => {
    const losses = vaeNetwork.losses(x, noise, beta as tf.Scalar, true);
    parts = { loss: tf.keep(losses.loss), reconstruction: tf.keep(losses.reconstruction), kl: tf.keep(losses.kl) };
    return losses.loss;
  }, vaeNetwork.trainable.map(({ variable }) => variable));
  const byVariable = new Map(vaeNetwork.trainable.map(({ name, variable }) => [variable.name, name]));
  return { ...parts, ...Object.fromEntries(Object.entries(grads).map(([name, g]) => [`gradient:${byVariable.get(name) ?? name}`, g])) };
};

describe('a traced VAE', () => {
  it.each<[string, Partial<VaeConfig>]>([
    ['of dense layers', {}],
    ['with Gaussian pixels', { likelihood: gaussian({ sigma: 0.5 }) }],
    ['of bernoulli pixels, tanh', { likelihood: bernoulli(), decoder: ({ layers }) => [layers.dense({ units: 5, activation: 'tanh' })] }],
  ])('%s has the losses and gradients of eager TensorFlow.js', (_, config) => {
    const model = network(config);
    const before = tf.memory();
    const { graph, noise, assigned } = trace({ inputs, variables: model.weights, step: stepOf(model) });
    expect(tf.memory()).toEqual(before);
    expect(tf.getBackend()).toBe('cpu');
    expect({ noise, assigned }).toEqual({ noise: [], assigned: [] });
    const weights = Object.fromEntries(model.weights.map(({ name, variable }) => [name, variable.dataSync()]));
    const traced = interpret(graph, { ...given, ...weights });
    const eager = tf.tidy(() => {
      const of = Object.fromEntries(inputs.map(({ name, shape }) => [name, tf.tensor(given[name as keyof typeof given], shape)]));
      return Object.fromEntries(Object.entries(stepOf(model)(of)).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]));
    });
    expect(Object.keys(traced)).toEqual(Object.keys(eager));
    for (const [name, values] of Object.entries(eager)) values.forEach((value, i) => { expect(traced[name]?.[i], name).toBeCloseTo(value, 5); });
    model.dispose();
  });
});
