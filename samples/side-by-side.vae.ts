import { adam, autoencoder, mlp, mnist, vae } from 'vae-lab';

const alike = { data: mnist(), latentDim: 2, ...mlp({ hidden: [512, 256] }), training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 } };

/** Codes of two numbers that nothing holds together: the map has gaps, and what is sampled from there is no digit. */
export const points = autoencoder(alike);

/** The same networks as a VAE: codes lie around 0 and close together, reconstructions are a little less sharp, and samples are digits. */
export const gaussians = vae(alike);
