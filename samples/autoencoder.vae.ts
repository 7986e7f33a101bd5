import { adam, autoencoder, maskPixels, mnist } from 'vae-lab';

/** A plain autoencoder: 784 pixels to 32 numbers and back (Hinton & Salakhutdinov 2006). */
export const compressed = autoencoder({
  data: mnist(),
  latentDim: 32,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 256, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 256, activation: 'relu' })],
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});

/** The same, given pictures with half of their pixels black, and made to restore them (Vincent et al. 2008). */
export const denoising = autoencoder({
  data: mnist(),
  latentDim: 32,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 256, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 256, activation: 'relu' })],
  denoising: maskPixels({ share: 0.5 }),
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});

/** More numbers than are needed, most of them held near 0. */
export const sparse = autoencoder({
  data: mnist(),
  latentDim: 128,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 256, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 256, activation: 'relu' })],
  sparse: 0.5,
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
