import * as tf from '@tensorflow/tfjs';
import type { Likelihood } from './objectives';

/** KL(q(z|x) || N(0, I)) per example, nats: [batch, latent] twice to [batch]. Kingma & Welling 2014, appendix B. */
export function klDivergence(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.sum(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1)), 1).mul(0.5) as tf.Tensor1D);
}

/** -log p(x|z) per example in nats; x and the decoder's output are [batch, pixels]; the result is [batch]. */
export function negativeLogLikelihood(likelihood: Likelihood, x: tf.Tensor, output: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    if (likelihood.kind === 'bernoulli') {
      // softplus(l) - x l, where softplus(l) = relu(l) + log(1 + exp(-|l|)): never overflows.
      const softplus = tf.add(tf.relu(output), tf.log(tf.add(tf.exp(tf.neg(tf.abs(output))), 1)));
      return tf.sum(tf.sub(softplus, tf.mul(x, output)), 1) as tf.Tensor1D;
    }
    const { sigma } = likelihood;
    const scaled = tf.square(tf.div(tf.sub(x, output), sigma));
    return tf.sum(tf.mul(tf.add(scaled, Math.log(2 * Math.PI * sigma * sigma)), 0.5), 1) as tf.Tensor1D;
  });
}

/** The likelihood's mean, in [0, 1]. */
export function likelihoodMean(likelihood: Likelihood, output: tf.Tensor): tf.Tensor {
  return likelihood.kind === 'bernoulli' ? tf.sigmoid(output) : tf.clipByValue(output, 0, 1);
}
