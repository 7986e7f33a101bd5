import * as tf from '@tensorflow/tfjs';
import { numberOf } from '../kernelAttributes';
import { savedAt, single, sumTo } from './gradient';

/**
 * Normalization with mean and variance given, Ioffe & Szegedy 2015: y = (x - mean) / sqrt(variance + epsilon) * scale + offset. Broadcasts where
 * TensorFlow.js's own tiles, and makes each sum over the batch once.
 */
export const batchNorm: tf.GradConfig = {
  kernelName: 'FusedBatchNorm', inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc: (dy, saved, attributes) => {
    const [x, mean, variance, scale] = [savedAt(saved, 0), savedAt(saved, 1), savedAt(saved, 2), savedAt(saved, 3)];
    const g = single(dy);
    const inverse = tf.rsqrt(tf.add(variance, numberOf(attributes, 'varianceEpsilon')));
    const slope = tf.mul(inverse, scale);
    // Here, not inside the functions: each runs in a tidy of its own, which would free what the next one needs.
    const sumOfG = sumTo(g, mean.shape);
    const sumWithX = tf.mul(sumTo(tf.mul(g, tf.sub(x, mean)), mean.shape), inverse);
    return {
      x: () => tf.mul(g, slope),
      mean: () => tf.neg(tf.mul(sumOfG, slope)),
      variance: () => tf.mul(tf.mul(sumWithX, tf.mul(tf.square(inverse), scale)), -0.5),
      scale: () => tf.clone(sumWithX),
      offset: () => tf.clone(sumOfG),
    };
  },
};

/**
 * A kernel of batch normalization that puts ones and zeros where scale and offset are left out. TensorFlow.js itself fails in the gradient
 * then: its tape takes each input for a tensor. The tape has the object that the kernel is given.
 */
export const withDefaults = (kernel: tf.KernelFunc): tf.KernelFunc => (call) => {
  const { inputs } = call;
  const { mean } = inputs;
  if (mean) {
    inputs['scale'] ??= tf.ones(mean.shape);
    inputs['offset'] ??= tf.zeros(mean.shape);
  }
  return kernel(call);
};
