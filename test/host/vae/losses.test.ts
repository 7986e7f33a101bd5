import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { klDivergence } from '../../../src/vae/losses';
import { likelihoodEntry } from '../../../src/vae/likelihoods/index';
import { bernoulli, gaussian, type Likelihood } from '../../../src/vae/index';

beforeAll(async () => { tf.env().set('PROD', true); await tf.setBackend('cpu'); });
const values = (t: tf.Tensor): number[] => [...t.dataSync()];
const tools = (hyperparameters: Record<string, number> = {}) => ({ hyperparameters: Object.fromEntries(Object.entries(hyperparameters).map(([name, value]) => [name, tf.scalar(value)])), variables: {} });
const negativeLogLikelihood = (likelihood: Likelihood, x: tf.Tensor, output: tf.Tensor, hyperparameters?: Record<string, number>): number[] => values(likelihoodEntry(likelihood).negativeLogLikelihood(likelihood, x, output, tools(hyperparameters)));
const mean = (likelihood: Likelihood, output: tf.Tensor): number[] => values(likelihoodEntry(likelihood).mean(likelihood, output));

describe('losses', () => {
  it('KL is zero at the prior and follows the closed form elsewhere', () => {
    expect(values(klDivergence(tf.zeros([2, 3]), tf.zeros([2, 3])))).toEqual([0, 0]);
    const [m, l] = [1.5, -0.7];
    expect(values(klDivergence(tf.tensor2d([[m, m]]), tf.tensor2d([[l, l]])))[0]).toBeCloseTo(m * m + Math.exp(l) - 1 - l, 5);
  });
  it('Bernoulli follows the closed form and does not overflow', () => {
    const p = 1 / (1 + Math.exp(-0.8));
    const [a, b] = negativeLogLikelihood(bernoulli(), tf.tensor2d([[0.3, 0.3], [0, 1]]), tf.tensor2d([[0.8, 0.8], [500, -500]]));
    expect(a).toBeCloseTo(-2 * (0.3 * Math.log(p) + 0.7 * Math.log(1 - p)), 5);
    expect(b).toBeCloseTo(1000, 3);
  });
  it.each([1, 61, 64, 97, 784])('Bernoulli sums %i pixels of any logits', (count) => {
    const logits = Array.from({ length: count }, (_, i) => [0, 1e-3, -0.5, 6, -25, 500][i % 6] ?? 0);
    const pixels = logits.map((_, i) => (i % 11) / 10);
    const wanted = logits.reduce((sum, l, i) => sum + Math.max(l, 0) + Math.log1p(Math.exp(-Math.abs(l))) - l * (pixels[i] ?? 0), 0);
    const [nats = NaN] = negativeLogLikelihood(bernoulli(), tf.tensor2d([pixels]), tf.tensor2d([logits]));
    expect(Math.abs(nats - wanted)).toBeLessThan(1e-6 * Math.max(1, wanted));
    const halves = negativeLogLikelihood(bernoulli(), tf.zeros([2, count]), tf.zeros([2, count]));
    for (const half of halves) expect(half / (count * Math.LN2)).toBeCloseTo(1, 6);
  });
  it('Gaussian follows the closed form', () => {
    const sigma = 0.5;
    const [a] = negativeLogLikelihood(gaussian({ sigma }), tf.tensor2d([[0.2]]), tf.tensor2d([[0.9]]), { sigma });
    expect(a).toBeCloseTo(0.49 / (2 * sigma * sigma) + Math.log(sigma * Math.sqrt(2 * Math.PI)), 5);
    expect(mean(gaussian(), tf.tensor1d([-1, 2]))).toEqual([0, 1]);
    expect(mean(bernoulli(), tf.tensor1d([0]))).toEqual([0.5]);
  });
});
