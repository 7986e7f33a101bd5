import { adam, elbo, gaussian, mlp, mnist, vae } from 'vae-lab';

/** 784-256 with a squared error and a weighted KL divergence: at sigma = sqrt(1/2) a Gaussian's loss is the squared error summed over pixels, and a constant. */
export const squaredError = vae({
  data: mnist(),
  latentDim: 16,
  ...mlp({ hidden: [256] }),
  likelihood: gaussian({ sigma: Math.SQRT1_2 }),
  objective: elbo({ beta: 0.5 }),
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
