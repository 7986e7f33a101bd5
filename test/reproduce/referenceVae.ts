import path from 'node:path';
import { importanceWeightedNll, negativeElbo } from '../../src/host/evaluation/bounds';
import { activeUnits, codesOf } from '../../src/host/evaluation/codes';
import { loadModel } from '../../src/host/loadModel';
import type { Found, Protocol } from './protocol';

const ELBO = 'test -ELBO';
const [FIRST, MIDDLE, LAST] = [1, 10, 20];
const SAMPLES = 200;

export const referenceVae: Protocol = {
  what: `The reference VAE on MNIST, \`samples/digits.vae.ts\`: 784-400-20, sampled z, batch 128, Adam 1e-3, grey pixels as Bernoulli targets, weights as PyTorch's start. Figures: PyTorch, two seeds (\`test/fixtures/referenceVae.py\` is its script). The negative log-likelihood is importance-weighted with ${SAMPLES} samples on the whole test set.`,
  epochs: LAST, seeds: 3, told: ELBO,
  references: [
    { metric: ELBO, epoch: FIRST, reference: 127.1, within: 1.5 }, { metric: ELBO, epoch: 5, reference: 108.2, within: 0.7 }, { metric: ELBO, epoch: MIDDLE, reference: 105.6, within: 0.7 }, { metric: ELBO, epoch: LAST, reference: 103.8, within: 0.7 },
    { metric: 'training -ELBO', epoch: MIDDLE, reference: 106.15, within: 0.7 }, { metric: 'test NLL', epoch: LAST, reference: 99.3, within: 0.7 }, { metric: 'active units', epoch: LAST, reference: 20, within: 0 },
  ],
  parts: [{
    model: async () => (await loadModel(path.resolve('samples/digits.vae.ts'), 'digits')).model,
    evaluate: async ({ epoch, subject, trainLoss }) => {
      const found: Found[] = [];
      if ([FIRST, 5, MIDDLE, LAST].includes(epoch)) {
        const { value, standardError } = await negativeElbo(subject);
        found.push({ metric: ELBO, ours: value, standardError });
      }
      if (epoch === MIDDLE) found.push({ metric: 'training -ELBO', ours: trainLoss });
      if (epoch !== LAST) return found;
      const { value, standardError } = await importanceWeightedNll({ ...subject, options: { ...subject.options, k: SAMPLES } });
      return [...found, { metric: 'test NLL', ours: value, standardError }, { metric: 'active units', ours: activeUnits(await codesOf(subject), subject.model.latentDim) }];
    },
  }],
};
