import { adam, bernoulli, elbo, imageFolder, vae } from 'vae-lab';

/** Your own pictures: PNG and JPEG files in folders, each folder a class. Put others in place of these. */
export const pictures = vae({
  data: imageFolder('pictures', { size: 24, channels: 1, labels: 'folders' }),
  latentDim: 8,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 256, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 256, activation: 'relu' })],
  likelihood: bernoulli(),
  objective: elbo({ beta: 1 }),
  training: { epochs: 100, batchSize: 16, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
