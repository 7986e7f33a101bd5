import * as tf from '@tensorflow/tfjs';
import type { WeightNorms } from './engine';
import type { Pair } from './optimizer';

/** The sum of the squares of tensors, a scalar; TensorFlow has an operation of its own for it. Call inside tf.tidy, as all of these. */
export type SquaredNorm = (...xs: readonly tf.Tensor[]) => tf.Tensor;
export const sumOfSquares: SquaredNorm = (...xs) => tf.addN(xs.map((x) => tf.sum(tf.square(x))));

/** The L2 norm of all gradients together, a scalar. */
export function globalNorm(pairs: readonly Pair[], squaredNorm: SquaredNorm): tf.Tensor {
  return tf.sqrt(squaredNorm(...pairs.map(({ gradient }) => gradient)));
}

/** All gradients shrunk together to `maxNorm` where their norm exceeds it, as PyTorch's clip_grad_norm_. */
export function clipped(pairs: readonly Pair[], norm: tf.Tensor, maxNorm: number): Pair[] {
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return pairs.map(({ weight, gradient }) => ({ weight, gradient: tf.mul(gradient, factor) }));
}

/** To be called before an update, with the gradients before clipping; gives what the update did to each weight. Reads values: this waits for the device. */
export function watchWeights(pairs: readonly Pair[], squaredNorm: SquaredNorm): () => WeightNorms[] {
  const norm = (x: tf.Tensor): number => Math.sqrt(squaredNorm(x).dataSync()[0] ?? NaN);
  const before = pairs.map(({ weight: { name, variable }, gradient }) => ({ name, variable, old: tf.clone(variable), gradient: norm(gradient) }));
  return () => before.map(({ name, variable, old, gradient }) => ({ name, gradient, change: norm(tf.sub(variable, old)), weight: norm(variable) }));
}

/** Of x, or of x - y. */
export const l2Norm = (x: Float32Array, y?: Float32Array): number => Math.sqrt(y ? squaredDistance(x, y) : squaredNorm(x));

function squaredNorm(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] ?? 0;
    sum += value * value;
  }
  return sum;
}

function squaredDistance(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const value = (x[i] ?? 0) - (y[i] ?? 0);
    sum += value * value;
  }
  return sum;
}
