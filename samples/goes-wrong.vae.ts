import { adam, mlp, mnist, vae, weighted } from 'vae-lab';

/**
 * Goes wrong on purpose: the reconstruction is summed over the 784 pixels, but the KL divergence is averaged over the 20 dimensions, which is a beta of 1/20. Little holds
 * the codes to the prior: the KL curve rises above that of `digits`, and samples, which are drawn from the prior, are of places where no picture's code is.
 */
export const averagedKl = vae({
  data: mnist(),
  latentDim: 20,
  ...mlp({ hidden: [400] }),
  objective: ({ tf, z, decode, negativeLogLikelihood, prior }) => ({
    reconstruction: negativeLogLikelihood(decode(z)),
    kl: weighted(tf.scalar(1 / 20), prior.kl()),
  }),
  training: { epochs: 5, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});

/**
 * Goes wrong on purpose: the decoder's output goes through a sigmoid, and then into a loss that takes logits. A pixel's probability can then only be between 0.5 and 0.73, so the loss stays above 500 nats, where
 * `digits` comes to 105. Black pays best where the decoder's output is as low as it can be, and nearly all is black: the code is soon not used at all, its KL curve falls to 0, and reconstructions and samples are one and the same dark picture.
 */
export const sigmoidTwice = vae({
  data: mnist(),
  latentDim: 20,
  ...mlp({ hidden: [400] }),
  objective: ({ tf, z, decode, negativeLogLikelihood, prior }) => ({ reconstruction: negativeLogLikelihood(tf.sigmoid(decode(z))), kl: prior.kl() }),
  training: { epochs: 5, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
