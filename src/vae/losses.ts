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

/** Logarithms are summed as one logarithm of a product of at most so many factors between 1/2 and 1, which floats hold. */
const FACTORS = 64;
const factorsOf = (count: number): number => Array.from({ length: FACTORS }, (_, i) => FACTORS - i).find((size) => count % size === 0) ?? 1;

/**
 * Of pixels x given logits l, summed over the last axis: softplus(l) - x l, where softplus(l) = relu(l) - log max(s, 1 - s) with s = sigmoid(l) never overflows. Its gradient,
 * s - x, is given as such: a dozen operations less than that of the parts. x is data; no gradient flows to it.
 */
export function bernoulliNegativeLogLikelihood(logits: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const pixels = logits.shape.at(-1) ?? 1;
  const size = factorsOf(pixels);
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [l, save] = given as [tf.Tensor, tf.GradSaveFunc];
    const s = tf.sigmoid(l);
    save([s, x]);
    const products = tf.prod(tf.reshape(tf.maximum(s, tf.sub(1, s)), [...logits.shape.slice(0, -1), pixels / size, size]), -1);
    return {
      value: tf.sub(tf.sum(tf.sub(tf.relu(l), tf.mul(x, l)), -1), tf.sum(tf.log(products), -1)),
      gradFunc: (dy: tf.Tensor, [probability, target]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, -1), tf.sub(probability as tf.Tensor, target as tf.Tensor)),
    };
  });
  return withGradient(logits);
}
