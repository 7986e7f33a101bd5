import { adam, factorVae, mlp, sprites, vae } from 'vae-lab';

/** Dimensions that say different things, as a network tells it that is trained along with them (Kim & Mnih 2018). */
export const factors = vae({
  data: sprites(),
  latentDim: 10,
  ...mlp({ hidden: [256, 256] }),
  objective: factorVae({ gamma: 10 }),
  training: { epochs: 20, batchSize: 64, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
