import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/host/engines/backends';
import { bernoulli, betaTcVae, continuousBernoulli, cyclic, discretizedLogistic, elbo, factorVae, gaussian, iwae, linear, mixture, objective, shown, sprites, standardNormal, uniformBox, vae, weighted, type VaeConfig } from '../../../src/vae/index';
import { firstValues, hyperparametersOf, schedulesOf, telling } from '../../../src/vae/hyperparameters';
import { likelihoodEntry, type Likelihood } from '../../../src/vae/likelihoods/index';
import { objectives } from '../../../src/vae/objectives/index';
import { lossOf } from '../../../src/vae/parts';
import { priorEntry, type Prior } from '../../../src/vae/priors/index';

beforeAll(() => startBackend('cpu'));
const config: VaeConfig = { data: sprites(), latentDim: 2, encoder: () => [], decoder: () => [] };
const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
/** Exp of the log-likelihoods of x, each under its output. */
const probabilities = (likelihood: Likelihood, x: readonly number[], output: number, hyperparameters: Record<string, number> = {}): number[] => tf.tidy(() => numbers(tf.exp(tf.neg(likelihoodEntry(likelihood).negativeLogLikelihood(
  likelihood, tf.tensor2d([...x], [x.length, 1]), tf.fill([x.length, 1], output), { hyperparameters: Object.fromEntries(Object.entries(hyperparameters).map(([name, value]) => [name, tf.scalar(value)])), variables: {} })))));
const between = (low: number, high: number, count: number): number[] => Array.from({ length: count }, (_, i) => low + (high - low) * (i + 0.5) / count);
const integral = (likelihood: Likelihood, output: number, low: number, high: number, hyperparameters?: Record<string, number>): number => probabilities(likelihood, between(low, high, 20_000), output, hyperparameters).reduce((a, b) => a + b, 0) * (high - low) / 20_000;

describe('likelihoods', () => {
  it.each([-8, -0.6, -0.499, -1e-4, 0, 0.3, 0.501, 5])('the continuous Bernoulli is a density on [0, 1], and what it shows is its mean (logit %d)', (logit) => {
    const likelihood = continuousBernoulli();
    expect(integral(likelihood, logit, 0, 1)).toBeCloseTo(1, 4);
    const xs = between(0, 1, 20_000);
    const mean = probabilities(likelihood, xs, logit).reduce((sum, p, i) => sum + p * (xs[i] ?? 0), 0) / xs.length;
    expect(tf.tidy(() => numbers(likelihoodEntry(likelihood).mean(likelihood, tf.scalar(logit))))[0]).toBeCloseTo(mean, 4);
  });
  it('Gaussian and Laplace are densities', () => {
    expect(integral(gaussian({ sigma: 0.2 }), 0.4, -2, 3, { sigma: 0.2 })).toBeCloseTo(1, 4);
  });
  it.each([2, 16, 256])('the discretized logistic\'s masses of all %d levels add up to 1, at any place and width', (levels) => {
    const grid = Array.from({ length: levels }, (_, i) => i / (levels - 1));
    for (const location of [-3, 0, 0.31, 1.2]) for (const scale of [0.01, 0.1, 2]) {
      expect(probabilities(discretizedLogistic({ scale: 0.1, levels }), grid, location, { scale }).reduce((a, b) => a + b, 0), `${location}, ${scale}`).toBeCloseTo(1, 3);
    }
  });
  it('stay finite far from the data', () => {
    for (const likelihood of [discretizedLogistic({ scale: 0.01 }), continuousBernoulli(), bernoulli()]) {
      const entry = likelihoodEntry(likelihood);
      const gradient = tf.tidy(() => numbers(tf.grad((output) => entry.negativeLogLikelihood(likelihood, tf.tensor2d([[0, 0.5, 1]]), output, { hyperparameters: { scale: tf.scalar(0.01) }, variables: {} }))(tf.tensor2d([[60, -60, -60]]))));
      expect(gradient.every((value) => Number.isFinite(value) && value !== 0), likelihood.kind).toBe(true);
    }
  });
});

describe('priors', () => {
  const at = (prior: Prior, z: number[][]): number[] => tf.tidy(() => numbers(priorEntry(prior).logDensity(prior, tf.tensor2d(z), {
    hyperparameters: {}, variables: { means: tf.tensor2d([[0, 0], [2, 2]]), logVariances: tf.tensor2d([[0, 0], [1, -1]]), logits: tf.tensor1d([0, Math.log(3)]) },
  })));
  it('have the density of their name', () => {
    expect(at(standardNormal(), [[1, -2]])[0]).toBeCloseTo(-Math.log(2 * Math.PI) - 2.5, 5);
    const one = Math.exp(-Math.log(2 * Math.PI) - 4) / 4;
    const other = 3 / 4 * Math.exp(-Math.log(2 * Math.PI)); // at its mean; the log-variances cancel
    expect(at(mixture({ components: 2 }), [[2, 2]])[0]).toBeCloseTo(Math.log(one + other), 5);
  });
  it('the mixture\'s density is that of a standard normal where all components are one', () => {
    const z = [[0.3, -1]];
    const [density] = tf.tidy(() => numbers(priorEntry(mixture({ components: 3 })).logDensity(mixture({ components: 3 }), tf.tensor2d(z), { hyperparameters: {}, variables: { means: tf.zeros([3, 2]), logVariances: tf.zeros([3, 2]), logits: tf.tensor1d([1, 5, -2]) } })));
    expect(density).toBeCloseTo(at(standardNormal(), z)[0] ?? NaN, 5);
  });
  it('the box carries a standard normal to a uniform: quantiles to equal steps, its slope as finite differences give it', () => {
    const prior = uniformBox({ low: 0, high: 10 });
    const { transport } = priorEntry(prior);
    if (!transport) throw new Error('no transport');
    const quantiles = [-1.2815516, -0.8416212, -0.5244005, -0.2533471, 0, 0.2533471];
    tf.tidy(() => numbers(transport.map(prior, tf.tensor1d(quantiles)))).forEach((value, i) => { expect(value).toBeCloseTo(i + 1, 4); });
    const [z, h] = [0.7, 1e-2];
    const [above = NaN, below = NaN] = tf.tidy(() => numbers(transport.map(prior, tf.tensor1d([z + h, z - h]))));
    expect(tf.tidy(() => numbers(transport.logSlope(prior, tf.scalar(z))))[0]).toBeCloseTo(Math.log((above - below) / (2 * h)), 3);
  });
});

describe('the parts of a loss', () => {
  const value = (parts: unknown): { loss: number; parts: Record<string, number> } => tf.tidy(() => {
    const { loss, parts: each } = lossOf(parts);
    return { loss: numbers(loss)[0] ?? NaN, parts: Object.fromEntries(Object.entries(each).map(([name, part]) => [name, numbers(part)[0] ?? NaN])) };
  });
  it('add up by their weights, and are shown without', () => {
    expect(value({ a: tf.tensor1d([1, 3]), b: weighted(2, tf.scalar(5)), c: weighted(tf.scalar(-1), tf.tensor1d([4])), d: shown(tf.tensor1d([9])), e: undefined })).toEqual({ loss: 2 + 10 - 4, parts: { a: 2, b: 5, c: 4, d: 9 } });
  });
  it.each([
    [() => tf.scalar(1), 'must give named parts'], [() => undefined, 'must give named parts'], [() => ({}), 'no part that counts'], [() => ({ a: shown(tf.scalar(1)) }), 'no part that counts'], [() => ({ a: 1 }), '"a" is not a tensor'],
    [() => ({ a: tf.zeros([2, 3]) }), 'its shape is [2, 3]'], [() => ({ loss: tf.scalar(1) }), '"loss" needs another name'], [() => ({ a: weighted(tf.ones([2]), tf.scalar(1)) }), 'must be a number or a scalar'],
  ])('are refused in a sentence (%#)', (parts, sentence) => {
    expect(() => tf.tidy(() => value(parts()))).toThrow(sentence);
  });
});

describe('live hyperparameters', () => {
  it('are those of the optimizer and of what the model is made of', () => {
    const model = vae({ ...config, objective: elbo({ gamma: 50, capacity: linear({ to: 25, epochs: 2 }) }), likelihood: gaussian({ sigma: 0.3 }) });
    const live = hyperparametersOf(model);
    expect(firstValues(live)).toEqual({ learningRate: 1e-3, gamma: 50, capacity: 0, sigma: 0.3 });
    expect(telling(live)['capacity']).toBe(1);
    expect(Object.keys(schedulesOf(live))).toEqual(['capacity']);
    expect(Object.keys(hyperparametersOf(vae({ ...config, objective: iwae() })))).toEqual(['learningRate']);
  });
  it('are refused where two parts share a name', () => {
    const own = objective({ hyperparameters: { sigma: { value: 1 } }, parts: ({ prior }) => ({ kl: prior.kl() }) });
    expect(() => vae({ ...config, objective: own, likelihood: gaussian() })).toThrow('two parts of the model have a hyperparameter "sigma"');
  });
});

describe('objectives', () => {
  it.each([
    [() => elbo({ beta: -1 }), 'elbo(): beta must be a number of at least 0'], [() => elbo({ beta: linear({ to: 2000, epochs: 1 }) }), 'elbo(): beta must be'], [() => elbo({ beta: 1, capacity: 2 }), 'give capacity, with gamma, or beta'],
    [() => elbo({ gamma: 1 }), 'gamma is the weight of capacity'], [() => factorVae({ gamma: -1 }), 'factorVae(): gamma must be a number of at least 0'], [() => factorVae({ hidden: [] }), 'factorVae(): hidden must be a list'], [() => betaTcVae({ beta: -1 }), 'betaTcVae(): beta must be a number of at least 0'], [() => elbo({ samples: 0 }), 'elbo(): samples must be'], [() => iwae({ samples: 1.5 }), 'iwae(): samples must be'], [() => cyclic({ rising: 0 }), 'cyclic(): rising must be'],
    [() => objective({ hyperparameters: { gamma: { value: 5, max: 2 } }, parts: () => ({}) }), 'objective(): gamma must be a number'], [() => objective({ hyperparameters: { 'a b': { value: 1 } }, parts: () => ({}) }), 'needs another name'],
    [() => gaussian({ sigma: 0 }), 'gaussian(): sigma must be a number above 0'], [() => uniformBox({ low: 1, high: 1 }), 'low must be a number below high'], [() => mixture({ components: 0 }), 'components must be'], [() => discretizedLogistic({ levels: 1 }), 'levels must be'],
  ])('refuse what makes no sense (%#)', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
  it('have an entry each, under their own name', () => {
    expect(Object.keys(objectives)).toEqual(['elbo', 'iwae', 'betaTcVae', 'factorVae', 'reconstruction', 'vectorQuantization', 'own']);
    expect(vae({ ...config, objective: ({ prior }) => ({ kl: prior.kl() }) }).objective.kind).toBe('own');
    const wrong: VaeConfig = Object.assign({ ...config }, { objective: { kind: 'elbow' } });
    expect(() => vae(wrong)).toThrow('objective must be one of elbo(), iwae(), betaTcVae(), factorVae(), objective({ parts }) or a function');
  });
  it('that compare examples refuse batches of one', () => {
    const of = (batchSize: number) => vae({ ...config, objective: factorVae(), training: { batchSize } });
    expect(() => of(1)).toThrow('vae(): factorVae() compares the codes of different examples: training.batchSize must be 2 or more.');
    expect(of(2).training.batchSize).toBe(2);
  });
});
