import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { VaeNetwork } from '../../../../../src/host/engines/vaeNetwork';
import { withSeededMath } from '../../../../../src/host/engines/seededMath';
import { sprites, vae, type VaeConfig } from '../../../../../src/vae/index';
import { Random } from '../../../../../src/host/training/index';
import { record, type Recording } from './recorder';
import { difference, run } from './running';

beforeAll(() => startBackend('cpu'));

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
  const beta = tf.scalar(1.5);
  const before = network.weights.map(({ variable }) => variable.clone()); // averages move while recording, after they were used
  const inputs = { x, noise, beta, ...Object.fromEntries(network.weights.map(({ name, variable }) => [name, variable])) };
  const recording = record(inputs, () => {
    let parts: Record<string, tf.Tensor> = {};
    const { grads } = tf.variableGrads(() => {
      const losses = network.losses(x, noise, beta, true);
      parts = { loss: tf.keep(losses.loss), reconstruction: tf.keep(losses.reconstruction), kl: tf.keep(losses.kl) };
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

describe('a whole step equals eager TensorFlow.js', () => {
  it.each([['MLP', mlp, [8, 8, 1], 5]] as const)('%s', async (_, config, shape, count) => {
    const recording = recorded(config, shape, count);
    for (const portable of [false, true]) {
      const actual = await run(recording, { portable });
      for (const [name, { data }] of recording.expected) expect(difference(actual.get(name) ?? [], data), name).toBeLessThan(3e-6);
    }
  });
});
