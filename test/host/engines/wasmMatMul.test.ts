import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { startBackend } from '../../../src/host/engines/backends';

const cases = [
  { a: [3, 4], b: [4, 5], transposeA: false, transposeB: false },
  { a: [4, 3], b: [4, 5], transposeA: true, transposeB: false },
  { a: [3, 4], b: [5, 4], transposeA: false, transposeB: true },
  { a: [4, 3], b: [5, 4], transposeA: true, transposeB: true },
  { a: [2, 4, 3], b: [1, 4, 5], transposeA: true, transposeB: false },
  { a: [2, 3, 4], b: [2, 5, 4], transposeA: false, transposeB: true },
];
async function product(backend: 'cpu' | 'wasm', { a, b, transposeA, transposeB }: (typeof cases)[number]): Promise<number[]> {
  await startBackend(backend);
  const filled = (shape: number[], by: number): tf.Tensor => tf.tensor(Float32Array.from({ length: shape.reduce((x, y) => x * y, 1) }, (_, i) => Math.sin(i * by)), shape);
  return tf.tidy(() => [...tf.matMul(filled(a, 0.7), filled(b, 1.3), transposeA, transposeB).dataSync()]);
}

it.each(cases)('multiplies $a by $b, transposed $transposeA, $transposeB, as the cpu backend does', async (shapes) => {
  const expected = await product('cpu', shapes);
  const actual = await product('wasm', shapes);
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => { expect(value).toBeCloseTo(expected[i] ?? NaN, 5); });
});

it('keeps no transposed factor in memory', async () => {
  await product('wasm', { a: [4, 3], b: [5, 4], transposeA: true, transposeB: true });
  const held = tf.backend().numDataIds();
  for (let i = 0; i < 10; i++) await product('wasm', { a: [4, 3], b: [5, 4], transposeA: true, transposeB: true });
  expect(tf.backend().numDataIds()).toBe(held);
});
