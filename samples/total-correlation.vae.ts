import { adam, betaTcVae, sprites, vae } from 'vae-lab';

/** Dimensions that say different things: of the KL divergence, only what the dimensions say in common is weighted (Chen et al. 2018). */
export const apart = vae({
  data: sprites(),
  latentDim: 10,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 256, activation: 'relu' }), layers.dense({ units: 256, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 256, activation: 'tanh' }), layers.dense({ units: 256, activation: 'tanh' })],
  objective: betaTcVae({ beta: 6 }),
  training: { epochs: 20, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
