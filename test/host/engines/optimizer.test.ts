import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/host/engines/index';
import type { NamedVariable } from '../../../src/host/engines/network';
import { freeingTensors } from '../../../src/host/engines/freeingTensors';
import { clipped, globalNorm, sumOfSquares, watchWeights, type SquaredNorm } from '../../../src/host/engines/norms';
import { PlainOptimizer, type MakeOptimizer } from '../../../src/host/engines/optimizer';
import { hasTensorflow } from './available';
import { descriptions, furthest, pytorch } from './optimizerRuns';

async function startBackend(name: 'cpu' | 'wasm' | 'tensorflow'): Promise<{ make: MakeOptimizer; squaredNorm: SquaredNorm }> {
  await startEngine[name]();
  const make: MakeOptimizer = (...given) => new PlainOptimizer(...given);
  if (name !== 'tensorflow') return { make, squaredNorm: sumOfSquares };
  const { makeOptimizer, squaredNorm } = await import('../../../src/host/engines/tensorflow/library');
  return { make: makeOptimizer, squaredNorm };
}
const variableOf = (name: string, values: number[]): NamedVariable => ({ name, variable: tf.tidy(() => tf.variable(tf.tensor1d(values))), trainable: true });
const named = (): NamedVariable[] => pytorch.weights.map((values, t) => variableOf(`w${t}`, values));

describe.each(hasTensorflow ? ['cpu', 'wasm', 'tensorflow'] as const : ['cpu', 'wasm'] as const)('the optimizers of %s', (backend) => {
  it.each(Object.entries(descriptions))('equal PyTorch after 20 updates: %s', async (name, description) => {
    const run = pytorch.runs[name];
    const { make, squaredNorm } = await startBackend(backend);
    const before = tf.memory().numTensors;
    const weights = named();
    const optimizer = make(description, weights);
    const norms = pytorch.gradients.map((step) => {
      const norm = tf.tidy(() => {
        const pairs = weights.map((weight, t) => ({ weight, gradient: tf.tensor1d(step[t] ?? []) }));
        const all = globalNorm(pairs, squaredNorm);
        optimizer.apply(run?.clip === undefined ? pairs : clipped(pairs, all, run.clip), description.learningRate);
        return all;
      });
      const [value] = norm.dataSync();
      norm.dispose();
      return value ?? NaN;
    });
    for (const [t, { variable }] of weights.entries()) expect(furthest(variable.dataSync<'float32'>(), run?.weights[t] ?? [])).toBeLessThan(1e-6);
    expect(furthest(norms, run?.norms ?? [])).toBeLessThan(1e-5);
    expect(optimizer.updates).toBe(20);
    optimizer.dispose();
    for (const { variable } of weights) variable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('tell of each weight its gradient\'s norm, and how far it went', async () => {
    const { make, squaredNorm } = await startBackend(backend);
    const weights = [variableOf('a', [3, 0, 4])];
    const optimizer = make(descriptions['sgd'] ?? expect.fail(), weights);
    const told = freeingTensors(() => {
      const pairs = weights.map((weight) => ({ weight, gradient: tf.tensor1d([0, 2, -4]) }));
      const after = watchWeights(pairs, squaredNorm);
      optimizer.apply(pairs, 0.5);
      return after();
    });
    expect(told).toHaveLength(1);
    expect(told[0]?.gradient).toBeCloseTo(Math.sqrt(20), 5);
    expect(told[0]?.change).toBeCloseTo(Math.sqrt(5), 5);
    expect(told[0]?.weight).toBeCloseTo(Math.sqrt(9 + 1 + 36), 5);
    optimizer.dispose();
    weights[0]?.variable.dispose();
  });
});
