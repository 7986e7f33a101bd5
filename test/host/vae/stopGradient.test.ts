import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../../src/host/engines/backends';
import { stopGradient } from '../../../src/vae/index';

beforeAll(() => startBackend('cpu'));
const gradient = (f: (x: tf.Tensor) => tf.Tensor): number[] => tf.tidy(() => Array.from(tf.grad(f)(tf.tensor([1, 2, 3])).dataSync()));

it('has the value of what it is given, and no gradient', () => {
  expect(tf.tidy(() => Array.from(stopGradient(tf.tensor([1, 2])).dataSync()))).toEqual([1, 2]);
  expect(gradient((x) => tf.mul(x, stopGradient(x)))).toEqual([1, 2, 3]);
  expect(gradient((x) => tf.mul(x, stopGradient(() => tf.square(x))))).toEqual([1, 4, 9]);
});
it('passes a gradient straight through', () => {
  expect(gradient((x) => tf.square(tf.add(x, stopGradient(() => tf.sub(tf.round(tf.mul(x, 0.6)), x)))))).toEqual([2, 2, 4]); // twice the rounded 1, 1, 2
});
it('frees what it computes on the way', () => {
  const x = tf.tensor([1, 2]);
  const { numTensors } = tf.memory();
  stopGradient(() => tf.square(tf.exp(x))).dispose();
  expect(tf.memory().numTensors).toBe(numTensors);
  x.dispose();
});
