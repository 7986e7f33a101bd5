import * as tf from '@tensorflow/tfjs';
import { stopGradient } from './stopGradient';

export const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** log of the sum of exponentials over `axis`; never overflows. */
export function logSumExp(x: tf.Tensor, axis: number): tf.Tensor {
  const most = stopGradient(() => tf.max(x, axis, true));
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, most)), axis)), tf.squeeze(most, [axis]));
}

/** log N(z; mean, exp(logVariance)), summed over the last axis; nats. Shapes broadcast. */
export function normalLogDensity(z: tf.Tensor, mean: tf.Tensor | number, logVariance: tf.Tensor | number): tf.Tensor {
  const scaled = tf.mul(tf.square(tf.sub(z, mean)), tf.exp(tf.neg(logVariance)));
  return tf.neg(tf.sum(tf.add(tf.mul(tf.add(scaled, logVariance), 0.5), HALF_LOG_2PI), -1));
}

/** KL(q(z|x) || N(0, I)) of each latent dimension, nats: [batch, latent] twice to [batch, latent]. */
export function klPerDimension(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1)), 0.5);
}
