import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { exampleKl, exampleLosses, lossKind } from '../../../src/host/latent/exampleLoss';
import { bernoulli, gaussian, likelihoodEntry, type Likelihood } from '../../../src/vae/likelihoods/index';
import { klDivergence } from '../../../src/vae/losses';

const x = Float32Array.from({ length: 24 }, (_, i) => (i * 0.37) % 1);
const output = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i) * 0.4 + 0.5);

describe('the loss of each example', () => {
  it.each<Likelihood>([bernoulli(), gaussian({ sigma: 0.3 })])('is what training computes: $kind', (likelihood) => {
    const entry = likelihoodEntry(likelihood);
    const wanted = entry.negativeLogLikelihood(likelihood, tf.tensor(x, [4, 6]), tf.tensor(output, [4, 6]), { hyperparameters: { sigma: tf.scalar(0.3) }, variables: {} }).dataSync();
    const mean = entry.mean(likelihood, tf.tensor(output, [4, 6])).dataSync();
    exampleLosses(likelihood, x, Float32Array.from(mean), 4).forEach((loss, i) => { expect(loss).toBeCloseTo(wanted[i] ?? NaN, 4); });
  });
  it('is half the squared error where the mean does not tell it', () => {
    expect([lossKind(bernoulli()), lossKind(gaussian()), lossKind({ kind: 'gaussian', sigma: 'learned' }), lossKind({ kind: 'laplace' })]).toEqual(['nats', 'nats', 'squaredError', 'squaredError']);
    expect(exampleLosses({ kind: 'laplace' }, Float32Array.of(1, 0), Float32Array.of(0.5, 0.5), 1)[0]).toBe(0.25);
  });
  it('is finite where a decoder is sure and wrong', () => {
    expect(exampleLosses(bernoulli(), Float32Array.of(1, 0), Float32Array.of(0, 1), 1)[0]).toBeCloseTo(2 * -Math.log(1e-7), 2);
  });
  it('KL is what training computes', () => {
    const wanted = klDivergence(tf.tensor(x, [4, 6]), tf.tensor(output, [4, 6])).dataSync();
    exampleKl(x, output, 6).forEach((kl, i) => { expect(kl).toBeCloseTo(wanted[i] ?? NaN, 4); });
  });
});
