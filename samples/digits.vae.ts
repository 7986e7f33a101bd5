import { adam, bernoulli, elbo, initializers, mnist, vae } from 'vae-lab';

/** The reference VAE: 784-400-20 on MNIST (Kingma & Welling 2014). Its weights start as PyTorch's do, so that its numbers compare. */
export const digits = vae({
  data: mnist(),
  latentDim: 20,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 400, activation: 'relu' })],
  likelihood: bernoulli(),
  objective: elbo({ beta: 1 }),
  initializer: initializers.torchDefault(),
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
