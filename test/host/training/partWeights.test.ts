import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/host/engines/backends';
import { partWeights } from '../../../src/host/partWeights';
import { elbo, gaussian, iwae, mixture, objective, shown, sprites, vae, weighted, type VaeConfig } from '../../../src/vae/index';

beforeAll(() => startBackend('cpu'));
const config: VaeConfig = { data: sprites(), latentDim: 3, encoder: () => [], decoder: () => [] };
const weights = (options: Partial<VaeConfig>) => partWeights(vae({ ...config, ...options }), [4, 4, 1], { trainCount: 10, classes: 3 });

describe('the weights of a loss\'s parts', () => {
  it('are numbers, or named as the hyperparameter that they are', async () => {
    expect(await weights({})).toEqual({ reconstruction: 1, kl: 'beta' });
    expect(await weights({ objective: elbo({ capacity: 5 }) })).toEqual({ reconstruction: 1, kl: 0, capacityGap: 'gamma' });
    expect(await weights({ objective: elbo({ freeBits: 0.5 }), prior: mixture({ components: 2 }) })).toEqual({});
    expect(await weights({ objective: iwae({ samples: 3 }), likelihood: gaussian({ sigma: 'perPixel' }) })).toMatchObject({ bound: 1 });
  });
  it('are those of a person\'s own objective, and left out where it makes them itself', async () => {
    const own = objective({
      hyperparameters: { gamma: { value: 2 } },
      parts: ({ z, decode, negativeLogLikelihood, prior, labels, hyperparameters: { gamma } }) => ({
        reconstruction: negativeLogLikelihood(decode(z)), kl: weighted(gamma, prior.kl()), half: weighted(0.5, tf.sum(labels)), doubled: weighted(tf.mul(gamma, 2), tf.sum(z)), seen: shown(tf.sum(z)),
      }),
    });
    const before = tf.memory().numTensors;
    expect(await weights({ objective: own })).toEqual({ reconstruction: 1, kl: 'gamma', half: 0.5, seen: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
