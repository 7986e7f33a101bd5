import * as tf from '@tensorflow/tfjs';

/** KL(q(z|x) || N(0, I)) per example, nats: [batch, latent] twice to [batch]. Kingma & Welling 2014, appendix B. */
export function klDivergence(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor1D {
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [m, l, save] = given as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const excess = tf.sub(tf.exp(l), 1); // of the variance over 1
    save([m, excess]);
    return {
      value: tf.mul(tf.sum(tf.add(tf.square(m), tf.sub(excess, l)), 1), 0.5),
      gradFunc: (dy: tf.Tensor, [mu, e]: tf.Tensor[]) => {
        const each = tf.expandDims(dy, 1);
        return [tf.mul(mu as tf.Tensor, each), tf.mul(e as tf.Tensor, tf.mul(each, 0.5))];
      },
    };
  });
  return withGradient(mean, logVariance) as tf.Tensor1D;
}

/**
 * Of pixels x given logits l, summed over the last axis: softplus(l) - x l. Its gradient,
 * sigmoid(l) - x, is given as such: a dozen operations less than that of the parts. x is data; no gradient flows to it.
 */
export function bernoulliNegativeLogLikelihood(logits: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [l, save] = given as [tf.Tensor, tf.GradSaveFunc];
    save([l, x]);
    return {
      value: tf.sum(tf.sub(tf.softplus(l), tf.mul(x, l)), -1),
      gradFunc: (dy: tf.Tensor, [logit, pixels]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, -1), tf.sub(tf.sigmoid(logit as tf.Tensor), pixels as tf.Tensor)),
    };
  });
  return withGradient(logits);
}
