import { aggregateShares, dimensionsByKl, gaussianBelow, gaussianQuantile, klOfDimensions, variances } from './statistics';

/** A prior as views draw it, in the coordinates in which codes are shown. Codes that are points are shown by their distance from their mean, so what is sampled from is normal there. */
export type PriorShape =
  | { readonly kind: 'normal' }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** [components] and [components, size]; weights sum to 1. */
  | { readonly kind: 'mixture'; readonly weights: Float32Array; readonly means: Float32Array; readonly logVariances: Float32Array };

/** P(z_d < x). */
export function priorBelow(prior: PriorShape, dimension: number, x: number): number {
  switch (prior.kind) {
    case 'normal': return gaussianBelow(x);
    case 'uniform': return Math.min(1, Math.max(0, (x - prior.low) / (prior.high - prior.low)));
    case 'mixture': {
      const size = prior.means.length / prior.weights.length;
      return prior.weights.reduce((sum, weight, k) => sum + weight * gaussianBelow((x - (prior.means[k * size + dimension] ?? 0)) * Math.exp(-0.5 * (prior.logVariances[k * size + dimension] ?? 0))), 0);
    }
  }
}

const DEVIATIONS = 9;
/** x with P(z_d < x) = `share`. */
export function priorQuantile(prior: PriorShape, dimension: number, share: number): number {
  if (prior.kind === 'normal') return gaussianQuantile(share);
  if (prior.kind === 'uniform') return prior.low + share * (prior.high - prior.low);
  const size = prior.means.length / prior.weights.length;
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < prior.weights.length; k++) {
    const [mean, deviation] = [prior.means[k * size + dimension] ?? 0, Math.exp(0.5 * (prior.logVariances[k * size + dimension] ?? 0))];
    [low, high] = [Math.min(low, mean - DEVIATIONS * deviation), Math.max(high, mean + DEVIATIONS * deviation)];
  }
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (priorBelow(prior, dimension, middle) < share) low = middle; else high = middle;
  }
  return (low + high) / 2;
}

/** Of a normal one, three deviations: outside of it lies this share. */
const OUTSIDE = 0.00135;
/** Between these nearly all of the prior lies, in whichever dimension. */
export function priorRange(prior: PriorShape): readonly [number, number] {
  if (prior.kind === 'normal') return [-3, 3];
  if (prior.kind === 'uniform') return [prior.low, prior.high];
  let [low, high] = [Infinity, -Infinity];
  for (let d = 0; d < prior.means.length / prior.weights.length; d++) [low, high] = [Math.min(low, priorQuantile(prior, d, OUTSIDE)), Math.max(high, priorQuantile(prior, d, 1 - OUTSIDE))];
  return [low, high];
}
/** The same with room for what lies beyond it; beyond a box nothing does. */
export function roomyRange(prior: PriorShape): readonly [number, number] {
  const [low, high] = priorRange(prior);
  const room = prior.kind === 'uniform' ? 0 : (high - low) / 6;
  return [low - room, high + room];
}

/** The nearest to 0 and 1 that a 32-bit code in a box can tell apart. */
const LEAST = 2 ** -25;
const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
/** A code in a box back where it was Gaussian, before the normal's distribution function carried it there: its log-variance was carried by the map's slope. */
export function outOfBox({ low, high }: { readonly low: number; readonly high: number }, means: Float32Array, logVariances: Float32Array): { readonly means: Float32Array; readonly logVariances: Float32Array } {
  const back = means.map((value) => gaussianQuantile(Math.min(1 - LEAST, Math.max(LEAST, (value - low) / (high - low)))));
  return { means: back, logVariances: logVariances.map((value, i) => value - 2 * (Math.log(high - low) - HALF_LOG_2PI - (back[i] ?? 0) ** 2 / 2)) };
}

/**
 * KL(q(z_d|x) || p(z_d)) of each dimension in nats, averaged over the rows of [n, size], where the prior's dimensions are independent, so that these sum to the whole: else undefined. A map of each dimension
 * leaves it as it is, so that of a box is the Gaussian's before it was carried there.
 */
export function klOf(prior: PriorShape, means: Float32Array, logVariances: Float32Array, size: number): Float64Array | undefined {
  switch (prior.kind) {
    case 'normal': return klOfDimensions(means, logVariances, size);
    case 'uniform': {
      const back = outOfBox(prior, means, logVariances);
      return klOfDimensions(back.means, back.logVariances, size);
    }
    case 'mixture': {
      if (prior.weights.length !== 1) return undefined;
      const deviation = (d: number): number => prior.logVariances[d % size] ?? 0;
      return klOfDimensions(means.map((mean, i) => (mean - (prior.means[i % size] ?? 0)) * Math.exp(-0.5 * deviation(i))), logVariances.map((value, i) => value - deviation(i)), size);
    }
  }
}

/** Dimensions, the one that tells most first: by KL, or, where there is none by dimension, by the variance of the posterior means. */
export const orderOf = (kl: Float64Array | undefined, means: Float32Array, size: number): number[] => dimensionsByKl(kl ?? variances(means, size));

/** The aggregate posterior of one dimension, and the prior, as their shares in each of `bins` of equal width between `low` and `high`. */
export function besidePrior(prior: PriorShape, means: Float32Array, logVariances: Float32Array, size: number, dimension: number, [low, high]: readonly [number, number], bins: number): { readonly posterior: Float64Array; readonly prior: Float64Array } {
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + i * (high - low) / bins);
  const shares = new Float64Array(bins).map((_, bin) => priorBelow(prior, dimension, edges[bin + 1] ?? 0) - priorBelow(prior, dimension, edges[bin] ?? 0));
  if (prior.kind !== 'uniform') return { posterior: aggregateShares(means, logVariances, size, dimension, edges), prior: shares };
  const back = outOfBox(prior, means, logVariances);
  return { posterior: aggregateShares(back.means, back.logVariances, size, dimension, edges.map((edge) => gaussianQuantile(Math.min(1, Math.max(0, (edge - prior.low) / (prior.high - prior.low)))))), prior: shares };
}
