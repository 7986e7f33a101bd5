import { importanceWeightedNll } from '../../src/host/evaluation/bounds';
import { adam, elbo, iwae, mnist, vae, type Objective } from '../../src/vae/index';
import type { Part, Protocol } from './protocol';

const EPOCHS = 10;
const [SAMPLES, IMAGES] = [500, 2000];
const model = (objective: Objective) => vae({
  data: mnist({ binarization: 'dynamic' }), latentDim: 50, objective,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 200, activation: 'tanh' }), layers.dense({ units: 200, activation: 'tanh' })],
  decoder: ({ layers }) => [layers.dense({ units: 200, activation: 'tanh' }), layers.dense({ units: 200, activation: 'tanh' })],
  training: { batchSize: 128, optimizer: adam({ learningRate: 1e-3 }) },
});
const metricOf = (name: string): string => `test NLL of ${name}`;
const part = (name: string, objective: Objective): Part => ({
  model: () => Promise.resolve(model(objective)),
  evaluate: async ({ epoch, subject }) => {
    if (epoch !== EPOCHS) return [];
    const { value, standardError } = await importanceWeightedNll({ ...subject, count: IMAGES, options: { ...subject.options, k: SAMPLES } });
    return [{ metric: metricOf(name), ours: value, standardError }];
  },
});
const order = ['VAE', 'IWAE 5', 'IWAE 50'].map(metricOf);

export const iwaeOrder: Protocol = {
  what: `More importance samples in training give a better likelihood (Burda et al. 2016, table 1): 784-200-200-50 with tanh on dynamically binarized MNIST, batch 128, Adam 1e-3. Negative log-likelihood with ${SAMPLES} samples on the first ${IMAGES} test images. Held to the order, not to the paper's figures, which are of 3,280 epochs.`,
  epochs: EPOCHS, seeds: 2, order,
  references: order.map((metric) => ({ metric, epoch: EPOCHS, reference: undefined })),
  parts: [part('VAE', elbo()), part('IWAE 5', iwae({ samples: 5 })), part('IWAE 50', iwae({ samples: 50 }))],
};
