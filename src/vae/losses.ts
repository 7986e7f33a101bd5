import * as tf from '@tensorflow/tfjs';

/** KL(q(z|x) || N(0, I)) per example, nats: [batch, latent] twice to [batch]. Kingma & Welling 2014, appendix B. */
export function klDivergence(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.sum(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1)), 1).mul(0.5) as tf.Tensor1D);
}

/**
 * Of pixels x given logits l, summed over the last axis: softplus(l) - x l, where softplus(l) = relu(l) + log(1 + exp(-|l|)) never overflows. Its gradient,
 * sigmoid(l) - x, is given as such: a dozen operations less than that of the parts. x is data; no gradient flows to it.
 */
export function bernoulliNegativeLogLikelihood(logits: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [l, save] = given as [tf.Tensor, tf.GradSaveFunc];
    save([l, x]);
    const softplus = tf.add(tf.relu(l), tf.log(tf.add(tf.exp(tf.neg(tf.abs(l))), 1)));
    return {
      value: tf.sum(tf.sub(softplus, tf.mul(x, l)), -1),
      gradFunc: (dy: tf.Tensor, [logit, pixels]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, -1), tf.sub(tf.sigmoid(logit as tf.Tensor), pixels as tf.Tensor)),
    };
  });
  return withGradient(logits);
}
