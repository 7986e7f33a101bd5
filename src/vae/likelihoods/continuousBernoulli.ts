import * as tf from '@tensorflow/tfjs';
import { bernoulliNegativeLogLikelihood } from '../losses';
import type { LikelihoodEntry } from './entry';

export interface ContinuousBernoulliLikelihood { readonly kind: 'continuousBernoulli' }

/**
 * Each pixel an independent continuous Bernoulli, the decoder giving its logit: the Bernoulli's formula made a density on [0, 1], for grey images
 * (Loaiza-Ganem & Cunningham 2019).
 */
export function continuousBernoulli(): ContinuousBernoulliLikelihood { return { kind: 'continuousBernoulli' }; }

/** Around 0, where both formulas below divide 0 by 0, their series are used. */
const NEAR_ZERO = 0.5;
function near(logits: tf.Tensor): { isNear: tf.Tensor; far: tf.Tensor } {
  const isNear = tf.less(tf.abs(logits), NEAR_ZERO);
  return { isNear, far: tf.where(isNear, tf.onesLike(logits), logits) };
}

/** log C = log(l / tanh(l / 2)), with l the logit: log 2 + l^2 / 12 - 7 l^4 / 1440 + 31 l^6 / 90720 - ... */
function logNormalizer(logits: tf.Tensor): tf.Tensor {
  const { isNear, far } = near(logits);
  const square = tf.square(logits);
  const series = tf.add(tf.mul(square, tf.add(tf.mul(square, tf.add(tf.mul(square, 31 / 90720), -7 / 1440)), 1 / 12)), Math.LN2);
  return tf.where(isNear, series, tf.log(tf.div(far, tf.tanh(tf.mul(far, 0.5)))));
}

export const continuousBernoulliEntry: LikelihoodEntry<ContinuousBernoulliLikelihood> = {
  outputs: () => 1,
  negativeLogLikelihood: (_, x, logits) => tf.sub(bernoulliNegativeLogLikelihood(logits, x), tf.sum(logNormalizer(logits), -1)),
  mean: (_, logits) => {
    const { isNear, far } = near(logits);
    const series = tf.add(tf.mul(logits, tf.add(tf.mul(tf.square(logits), -1 / 720), 1 / 12)), 0.5);
    return tf.where(isNear, series, tf.sub(tf.reciprocal(tf.neg(tf.expm1(tf.neg(far)))), tf.reciprocal(far)));
  },
};
