import { activeUnits, codesOf } from '../../src/host/evaluation/codes';
import { batchesOf, type Subject } from '../../src/host/evaluation/subject';
import { klOfDimensions } from '../../src/latent/statistics';
import { adam, elbo, linear, mnist, vae, type Objective } from '../../src/vae/index';
import type { Found, Part, Protocol } from './protocol';

const [LATENT, SHARE] = [10, 0.95];
/** How long each model trains, and how long its KL term rises. */
const [betaVaeBEpochs, vaeEpochs] = [{ all: 40, rise: 35 }, { all: 12, rise: 10_000 * 64 / 60_000 }];
/** Burgess et al. 2018, appendix: convolutions for 32x32, which MNIST is padded to. */
const model = (objective: Objective) => vae({
  data: mnist(), latentDim: LATENT, objective,
  encoder: ({ layers }) => [
    layers.zeroPadding2d({ padding: [2, 2] }), ...[1, 2, 3].map(() => layers.conv2d({ filters: 32, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' })),
    layers.flatten(), layers.dense({ units: 256, activation: 'relu' }), layers.dense({ units: 256, activation: 'relu' }),
  ],
  decoder: ({ layers }) => [
    layers.dense({ units: 256, activation: 'relu' }), layers.dense({ units: 256, activation: 'relu' }), layers.dense({ units: 512, activation: 'relu' }), layers.reshape({ targetShape: [4, 4, 32] }),
    ...[1, 2].map(() => layers.conv2dTranspose({ filters: 32, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' })), layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same' }),
    layers.cropping2D({ cropping: [[2, 2], [2, 2]] }),
  ],
  training: { batchSize: 64, optimizer: adam({ learningRate: 5e-4 }) },
});

/** How many latent dimensions, those of most KL divergence first, carry so large a share of it. */
async function carrying(subject: Subject): Promise<number> {
  const { program, count } = subject;
  const [means, logVariances] = [new Float32Array(count * LATENT), new Float32Array(count * LATENT)];
  for (const { from, batch } of batchesOf(subject)) {
    const encoded = await program.encode(batch);
    means.set(encoded.mean, from * LATENT);
    logVariances.set(encoded.logVariance, from * LATENT);
  }
  const kl = klOfDimensions(means, logVariances, LATENT).sort().reverse();
  const all = kl.reduce((a, b) => a + b, 0);
  let sum = 0;
  return kl.findIndex((one) => (sum += one) >= SHARE * all) + 1;
}
const part = (name: string, epochs: number, objective: Objective): Part => ({
  model: () => Promise.resolve(model(objective)), epochs,
  evaluate: async ({ epoch, subject }): Promise<Found[]> => (epoch === epochs
    ? [{ metric: `units of ${name} with 95 % of the KL divergence`, ours: await carrying(subject) }, { metric: `active units of ${name}`, ours: activeUnits(await codesOf(subject), LATENT) }] : []),
});

export const betaVaeB: Protocol = {
  what: `beta-VAE with a capacity of C = 25 nats and gamma = 100 (Burgess et al. 2018), 10 latent dimensions, the convolutions of its appendix, MNIST padded to 32x32, batch 64, Adam 5e-4, C raised over the first ${betaVaeBEpochs.rise} of ${betaVaeBEpochs.all} epochs, beside the plain VAE, ${vaeEpochs.all} epochs, its KL term weighted up over the first 10,000 steps. Figures: YannDubs/disentangling-vae, which trains both for 400 epochs and raises C over 100,000 steps (107 epochs). Raised over five epochs, C is shared by seven units; how slowly it rises decides.`,
  epochs: betaVaeBEpochs.all, seeds: 1,
  references: [
    { metric: 'units of beta-VAE_B with 95 % of the KL divergence', epoch: betaVaeBEpochs.all, reference: 3, between: [2, 5] }, { metric: 'active units of beta-VAE_B', epoch: betaVaeBEpochs.all, reference: undefined },
    { metric: 'units of VAE with 95 % of the KL divergence', epoch: vaeEpochs.all, reference: undefined }, { metric: 'active units of VAE', epoch: vaeEpochs.all, reference: 10, within: 0 },
  ],
  parts: [part('beta-VAE_B', betaVaeBEpochs.all, elbo({ gamma: 100, capacity: linear({ to: 25, epochs: betaVaeBEpochs.rise }) })), part('VAE', vaeEpochs.all, elbo({ beta: linear({ to: 1, epochs: vaeEpochs.rise }) }))],
};
