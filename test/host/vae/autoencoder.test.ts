import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/host/engines/backends';
import { autoencoder, gaussianNoise, isVaeModel, linear, objective, sprites, type AutoencoderConfig } from '../../../src/vae/index';
import { fittedGaussianEntry } from '../../../src/vae/priors/fittedGaussian';
import { firstValues, hyperparametersOf } from '../../../src/vae/hyperparameters';

beforeAll(() => startBackend('cpu'));
const config: AutoencoderConfig = { data: sprites(), latentDim: 3, encoder: () => [], decoder: () => [] };

describe('autoencoder()', () => {
  it('is a model of its own kind, without a prior', () => {
    const model = autoencoder(config);
    expect(isVaeModel(model)).toBe(true);
    expect(model).toMatchObject({ kind: 'autoencoder', prior: { kind: 'fittedGaussian' }, objective: { kind: 'reconstruction' } });
    expect(Object.keys(hyperparametersOf(model))).toEqual(['learningRate']);
  });
  it('takes a corruption, and a weight of sparsity that may change', () => {
    const model = autoencoder({ ...config, denoising: gaussianNoise({ sigma: 0.2 }), sparse: linear({ from: 0.5, to: 2, epochs: 3 }) });
    expect(model.data.corruption).toEqual([{ kind: 'gaussianNoise', sigma: 0.2 }]);
    expect(firstValues(hyperparametersOf(model))).toEqual({ learningRate: 1e-3, sparse: 0.5 });
  });
  it.each([
    [{ latentDim: 0 }, 'latentDim must be a whole number'], [{ prior: 1 }, 'no option "prior"'], [{ sparse: -1 }, 'sparse must be a number of at least 0'], [{ denoising: 'noise' }, 'corruption must be one of'],
    [{ data: undefined }, 'data must be made by one of'], [{ data: undefined, denoising: gaussianNoise() }, 'data must be made by one of'], [{ data: sprites({ corruption: gaussianNoise() }), denoising: gaussianNoise() }, 'not both'],
    [{ sparse: 1, objective: () => ({}) }, 'give sparse, or an objective'], [{ objective: { kind: 'elbo' } }, 'objective must be one of reconstruction(), objective({ parts })'],
    [{ objective: objective({ samples: 2, parts: () => ({}) }) }, 'takes one sample'],
  ])('refuses %j', (changes, sentence) => {
    const wrong: AutoencoderConfig = Object.assign({ ...config }, changes);
    expect(() => autoencoder(wrong)).toThrow(sentence);
  });
});

describe('the Gaussian fitted to codes', () => {
  const codes = Array.from({ length: 400 }, (_, i) => [3 + 2 * Math.sin(i), -1 + 0.5 * Math.cos(1.7 * i), 7]);
  it('has the mean and the deviation of what it saw, and carries codes to standard ones and back', () => {
    const variables = { mean: tf.variable(tf.zeros([3]), false), variance: tf.variable(tf.ones([3]), false), steps: tf.variable(tf.scalar(0), false) };
    const fitted = { kind: 'fittedGaussian' } as const;
    tf.tidy(() => { for (let step = 0; step < 40; step++) fittedGaussianEntry.observe?.(fitted, tf.tensor2d(codes.slice(step * 10, step * 10 + 10)), { variables }); });
    const { standardize } = fittedGaussianEntry;
    if (!standardize) throw new Error('no standardize');
    const [mean, deviation] = [[...variables.mean.dataSync()], [...variables.variance.dataSync()].map(Math.sqrt)];
    [3, -1, 7].forEach((value, i) => { expect(Math.abs((mean[i] ?? NaN) - value)).toBeLessThan(0.2); });
    [Math.SQRT2, 0.5 * Math.SQRT1_2].forEach((value, i) => { expect(Math.abs((deviation[i] ?? NaN) / value - 1)).toBeLessThan(0.1); });
    const back = tf.tidy(() => [...standardize.to(fitted, standardize.from(fitted, tf.tensor2d(codes), { variables }), { variables }).dataSync()]);
    codes.flat().forEach((value, i) => { expect(back[i]).toBeCloseTo(value, 4); }); // also the number that is the same in all
    for (const variable of Object.values(variables)) variable.dispose();
  });
});
