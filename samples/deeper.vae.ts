import { adam, mlp, mnist, vae } from 'vae-lab';

/** 784-256-64-20: two hidden layers to each side. */
export const deeper = vae({
  data: mnist(),
  latentDim: 20,
  ...mlp({ hidden: [256, 64] }),
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
