import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { besidePrior, klOf, orderOf, priorBelow, priorQuantile, priorRange, roomyRange, type PriorShape } from '../../../src/latent/prior';
import { gaussianBelow, gaussianQuantile, klOfDimensions } from '../../../src/latent/statistics';
import { mixtureEntry } from '../../../src/vae/priors/mixture';
import { uniformBoxEntry } from '../../../src/vae/priors/uniformBox';

const SIZE = 2;
const means = Float32Array.of(1, -0.3, -2, 0.4, 0.2, 3);
const logVariances = Float32Array.of(-1, -4, 0, -2, -0.5, -6);
const normal: PriorShape = { kind: 'normal' };
const alike: PriorShape = { kind: 'mixture', weights: Float32Array.of(1), means: new Float32Array(SIZE), logVariances: new Float32Array(SIZE) };
const learned: PriorShape = { kind: 'mixture', weights: Float32Array.of(0.25, 0.75), means: Float32Array.of(-2, 0, 2, 1), logVariances: Float32Array.of(0, 0, -2, 1) };
const box = { kind: 'uniform', low: -2, high: 6 } as const;
const close = (a: ArrayLike<number>, b: ArrayLike<number>, digits = 4): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i], String(i)).toBeCloseTo(b[i] ?? NaN, digits);
};

describe('a prior as views draw it', () => {
  it('of one standard normal component is what the standard normal is', () => {
    for (const x of [-2, 0, 0.7]) expect(priorBelow(alike, 1, x)).toBeCloseTo(gaussianBelow(x), 9);
    for (const share of [0.01, 0.5, 0.9]) expect(priorQuantile(alike, 0, share)).toBeCloseTo(gaussianQuantile(share), 4);
    close(klOf(alike, means, logVariances, SIZE) ?? [], klOfDimensions(means, logVariances, SIZE));
    close(besidePrior(alike, means, logVariances, SIZE, 1, [-4, 4], 8).prior, besidePrior(normal, means, logVariances, SIZE, 1, [-4, 4], 8).prior);
    close(priorRange(alike), priorRange(normal), 2);
  });

  it('has the closed-form divergence of two Gaussians where there is one component of any shape', () => {
    const one: PriorShape = { kind: 'mixture', weights: Float32Array.of(1), means: Float32Array.of(0.5, -1), logVariances: Float32Array.of(Math.log(4), Math.log(0.25)) };
    const kl = (mean: number, variance: number, m: number, v: number): number => 0.5 * (Math.log(v / variance) + (variance + (mean - m) ** 2) / v - 1);
    close(klOf(one, Float32Array.of(1, 0), Float32Array.of(0, Math.log(0.5)), SIZE) ?? [], [kl(1, 1, 0.5, 4), kl(0, 0.5, -1, 0.25)]);
  });

  it('that is learned has marginals that are the density of training, summed over the others, and no divergence of a dimension', () => {
    const weights = { means: tf.tensor2d([[-2, 0], [2, 1]]), logVariances: tf.tensor2d([[0, 0], [-2, 1]]), logits: tf.tensor1d([Math.log(0.25), Math.log(0.75)]) };
    const [from, to, count] = [-12, 12, 600];
    const width = (to - from) / count;
    const line = Array.from({ length: count }, (_, i) => from + (i + 0.5) * width);
    for (const x of [-2.5, 0.2, 1.9]) {
      const density = tf.tidy(() => tf.exp(mixtureEntry.logDensity({ kind: 'mixture', components: 2 }, tf.tensor2d(line.map((y) => [x, y])), { hyperparameters: {}, variables: weights })).sum().mul(width).dataSync()[0] ?? NaN);
      expect((priorBelow(learned, 0, x + 1e-3) - priorBelow(learned, 0, x - 1e-3)) / 2e-3).toBeCloseTo(density, 3);
    }
    expect(priorBelow(learned, 0, priorQuantile(learned, 0, 0.3))).toBeCloseTo(0.3, 6);
    expect(klOf(learned, means, logVariances, SIZE)).toBeUndefined();
    expect(orderOf(undefined, Float32Array.of(0, 0, 0.1, 5, 0, -5), SIZE)).toEqual([1, 0]); // by how much means vary
  });

  it('uniform on a box has the divergence of the Gaussian that is carried there, and its closed forms', () => {
    const description = { kind: 'uniformBox', low: box.low, high: box.high } as const;
    const carried = tf.tidy(() => uniformBoxEntry.transport?.map(description, tf.tensor1d(means)).dataSync().slice() as Float32Array);
    const slopes = tf.tidy(() => uniformBoxEntry.transport?.logSlope(description, tf.tensor1d(means)).dataSync().slice() as Float32Array);
    const shown = logVariances.map((value, i) => value + 2 * (slopes[i] ?? 0));
    close(klOf(box, carried, shown, SIZE) ?? [], klOfDimensions(means, logVariances, SIZE), 2);
    expect([priorQuantile(box, 0, 0.25), priorBelow(box, 1, 4), priorBelow(box, 1, 9), ...priorRange(box), ...roomyRange(box)]).toEqual([0, 0.75, 1, -2, 6, -2, 6]);
    // A posterior that is the prior lies evenly in the box, and not outside of it.
    const even = besidePrior(box, Float32Array.of(2), Float32Array.of(2 * Math.log(8 / Math.sqrt(2 * Math.PI))), 1, 0, [-3, 7], 10);
    close(even.posterior, [0, ...new Array<number>(8).fill(1 / 8), 0], 5);
    close(even.prior, [0, ...new Array<number>(8).fill(1 / 8), 0], 9);
  });

  it('of codes at a box\'s very edge is finite', () => {
    for (const value of klOf(box, Float32Array.of(box.low, box.high), Float32Array.of(-30, -30), SIZE) ?? [NaN]) expect(Number.isFinite(value)).toBe(true);
  });
});
