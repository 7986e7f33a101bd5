import * as tf from '@tensorflow/tfjs';
import { HALF_LOG_2PI } from '../densities';
import { knownOptions } from '../knownOptions';
import type { PriorEntry } from './entry';
import { standardNormalEntry } from './standardNormal';

export interface UniformBoxPrior { readonly kind: 'uniformBox'; readonly low: number; readonly high: number }

/**
 * Uniform on a box, each dimension from `low` (default -1) to `high` (default 1). A Gaussian would leave the box, where its KL divergence is infinite: so
 * what the decoder is given is the Gaussian z carried into the box by the standard normal's distribution function. A standard normal z is then uniform
 * there, and the KL divergence, which such a map leaves as it is, has its closed form.
 */
export function uniformBox(options: { low?: number; high?: number } = {}): UniformBoxPrior {
  knownOptions('uniformBox', options, { low: true, high: true });
  const { low = -1, high = 1 } = options;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) throw new TypeError(`uniformBox(): low must be a number below high; got ${low} and ${high}.`);
  return { kind: 'uniformBox', low, high };
}

const standard = { kind: 'standardNormal' } as const;
export const uniformBoxEntry: PriorEntry<UniformBoxPrior> = {
  logDensity: (_, z) => standardNormalEntry.logDensity(standard, z),
  kl: (_, posterior) => standardNormalEntry.kl(standard, posterior),
  klPerDimension: (_, posterior) => standardNormalEntry.klPerDimension(standard, posterior),
  transport: {
    map: ({ low, high }, z) => tf.add(tf.mul(tf.erf(tf.mul(z, Math.SQRT1_2)), (high - low) / 2), (low + high) / 2),
    logSlope: ({ low, high }, z) => tf.sub(Math.log(high - low) - HALF_LOG_2PI, tf.mul(tf.square(z), 0.5)),
  },
  range: ({ low, high }) => [low, high],
};
