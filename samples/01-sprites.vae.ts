import { adam, bernoulli, elbo, sprites, vae } from 'vae-lab';

/** Little shapes made on the spot (shape, scale, rotation, x, y): no download. */
export const shapes = vae({
  data: sprites(),
  latentDim: 10,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 256, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 256, activation: 'relu' })],
  likelihood: bernoulli(),
  objective: elbo({ beta: 1 }),
  training: { epochs: 20, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
