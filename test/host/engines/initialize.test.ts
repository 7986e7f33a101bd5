import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { initializers, sprites, vae } from '../../../src/vae/index';
import { onBackend } from '../../../src/host/engines/backends';
import { leaveStart } from '../../../src/host/engines/initialize';
import { withSeededMath } from '../../../src/host/engines/seededMath';
import { startEngine, type NamedEngine, type NamedTensor } from '../../../src/host/engines/index';
import { hasTensorflow } from './available';

const shape = [8, 8, 1] as const;
const model = (initializer?: ReturnType<typeof initializers.torchDefault>) => vae({
  data: sprites(), latentDim: 12,
  encoder: ({ layers }) => [
    layers.conv2d({ filters: 20, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.depthwiseConv2d({ kernelSize: 3 }), layers.flatten(),
    layers.dense({ units: 30, biasInitializer: 'ones' }), layers.reshape({ targetShape: [3, 10] }), layers.lstm({ units: 11 }),
  ],
  decoder: ({ layers }) => [layers.dense({ units: 4 * 4 * 6 }), layers.reshape({ targetShape: [4, 4, 6] }), layers.conv2dTranspose({ filters: 9, kernelSize: 5, strides: 2, padding: 'same' })],
  ...(initializer ? { initializer } : {}),
});
async function weightsOn(engine: NamedEngine, made: ReturnType<typeof vae>, seed: number): Promise<NamedTensor[]> {
  const program = await (await startEngine[engine]()).build(made, seed, shape);
  const state = (await program.getState()).filter(({ name }) => !name.startsWith('optimizer/'));
  program.dispose();
  return state;
}

describe('initializers.torchDefault', () => {
  it('computes nothing that is written over, and draws as many seeds as if it did', async () => {
    const { layers } = tf;
    const make = [() => layers.dense({ units: 5 }), () => layers.conv2d({ filters: 2, kernelSize: 3 }), () => layers.depthwiseConv2d({ kernelSize: 3 }), () => layers.separableConv2d({ filters: 2, kernelSize: 3 }), () => layers.gru({ units: 3 })];
    const inputs = [[1, 4], ...Array<number[]>(3).fill([1, 6, 6, 2]), [1, 4, 2]];
    const built = (left: boolean, given: string[] = []) => onBackend('cpu', () => make.map((one, i) => withSeededMath(7, () => {
      const layer = one();
      if (left) leaveStart(layer, new Set(given));
      layer.apply(tf.zeros(inputs[i] ?? []));
      const zero = layer.weights.filter(({ originalName }) => /(^|\/)(kernel|depthwise_kernel|pointwise_kernel)$/.test(originalName)).map((weight) => weight.read().dataSync().every((value) => value === 0));
      return { next: Math.random(), zero };
    })));
    const [usual, left, given] = await Promise.all([built(false), built(true), built(true, ['kernelInitializer', 'depthwiseInitializer', 'pointwiseInitializer'])]);
    expect(left.map(({ next }) => next)).toEqual(usual.map(({ next }) => next));
    expect(left.flatMap(({ zero }) => zero)).toEqual([...Array<boolean>(5).fill(true), false]); // the last is of a cell within the layer
    expect([...usual, ...given].flatMap(({ zero }) => zero)).toEqual(Array(12).fill(false));
  });
  it('starts kernels and biases uniform within 1 / sqrt(fan-in), where the layer does not say otherwise', async () => {
    const found = new Map((await weightsOn('cpu', model(initializers.torchDefault()), 1)).map(({ name, data }) => [name, data]));
    const fanIn = {
      'encoder/0/0-kernel': 9, 'encoder/0/1-bias': 9, 'encoder/2/0-depthwise_kernel': 9, 'encoder/2/1-bias': 9, 'encoder/4/0-kernel': 80,
      'encoder/6/0-kernel': 11, 'encoder/6/1-recurrent_kernel': 11, 'encoder/6/2-bias': 11, 'mean/kernel': 11, 'logVariance/bias': 11,
      'decoder/0/0-kernel': 12, 'decoder/2/0-kernel': 5 * 5 * 9, 'decoder/2/1-bias': 5 * 5 * 9, 'output/kernel': 9, 'output/bias': 9,
    };
    for (const [name, inputs] of Object.entries(fanIn)) {
      const sizes = [...found.get(name) ?? []].map((value) => Math.abs(value) * Math.sqrt(inputs)); // uniform on [0, 1]
      expect(sizes.length, name).toBeGreaterThan(0);
      expect(Math.max(...sizes), name).toBeLessThanOrEqual(1 + 1e-6);
      const mean = sizes.reduce((a, b) => a + b, 0) / sizes.length;
      expect(Math.abs(mean - 0.5), name).toBeLessThan(4 * Math.sqrt(1 / 12 / sizes.length)); // four standard errors
    }
    expect(new Set(found.get('encoder/4/1-bias'))).toEqual(new Set([1]));
    expect(new Set(found.get('encoder/1/0-gamma'))).toEqual(new Set([1]));
    expect(new Set(found.get('encoder/1/1-beta'))).toEqual(new Set([0]));
  });

  it('is not what layers do without it', async () => {
    const found = await weightsOn('cpu', model(), 1);
    expect(found.find(({ name }) => name === 'mean/bias')?.data.every((value) => value === 0)).toBe(true);
  });

  it.each(hasTensorflow ? ['compiled', 'tensorflow'] as const : ['compiled'] as const)('gives the same on %s as on cpu for the same seed', async (engine) => {
    const made = model(initializers.torchDefault());
    const wanted = await weightsOn('cpu', made, 5);
    expect(await weightsOn(engine, made, 5)).toEqual(wanted);
    expect(await weightsOn(engine, made, 6)).not.toEqual(wanted);
  });
});
