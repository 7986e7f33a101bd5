import { adam, autoencoder, mlp, mnist, vae } from 'vae-lab';

const alike = { data: mnist(), latentDim: 2, ...mlp({ hidden: [512, 256] }), training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 } };

/** Codes of two numbers that nothing holds to a prior: see on the map how far they spread, and what is sampled between them. */
export const points = autoencoder(alike);

/** The same networks as a VAE: the KL divergence holds the codes around 0, where samples are drawn, and the reconstruction pays for it. */
export const gaussians = vae(alike);
