import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { onBackend } from '../../../src/host/engines/backends';
import { Random } from '../../../src/host/training/index';

const size = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);
const given = (shape: readonly number[], seed: number): tf.Tensor => tf.tensor(new Random(seed).normals(size(shape)), [...shape]);

// TensorFlow.js's own kernels give half of the values, those of other examples, or what stands behind them in memory.
it.each([[[1, 3, 2, 4], [2, 1, 4, 5]], [[2, 3, 2, 4], [2, 1, 4, 5]], [[2, 1, 2, 4], [3, 4, 5]], [[3, 2, 4], [3, 4, 5]], [[5, 3, 2, 4], [3, 4, 5]], [[3, 2, 4], [4, 5]]] as const)('batches of %j and %j are multiplied as their definition says', async (a, b) => {
  const wanted = await onBackend('cpu', () => tf.tidy(() => [...tf.sum(tf.mul(tf.expandDims(given(a, 1), -1), tf.expandDims(given(b, 2), -3)), -2).dataSync()]));
  for (const backend of ['cpu', 'wasm'] as const) {
    const before = await onBackend(backend, () => tf.memory().numTensors);
    const got = await onBackend(backend, () => tf.tidy(() => [...tf.matMul(given(a, 1), given(b, 2)).dataSync()]));
    expect(got).toHaveLength(wanted.length);
    expect(Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))))).toBeLessThan(1e-5);
    expect(await onBackend(backend, () => tf.memory().numTensors)).toBe(before);
  }
});
