import { adam, mnist, objective, vae, weighted } from 'vae-lab';

/** An objective of one's own: the ELBO, and a pull of the codes towards 0 whose strength can be changed while it trains. */
export const shrunk = vae({
  data: mnist(),
  latentDim: 10,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 400, activation: 'relu' })],
  objective: objective({
    hyperparameters: { shrink: { value: 2, max: 100 } },
    parts: ({ tf, z, decode, negativeLogLikelihood, posterior, prior, hyperparameters: { shrink } }) => ({
      reconstruction: negativeLogLikelihood(decode(z)),
      kl: prior.kl(),
      shrinkage: weighted(shrink, tf.sum(tf.abs(posterior.mean), 1)),
    }),
  }),
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
