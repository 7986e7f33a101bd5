import type * as tf from '@tensorflow/tfjs';
import { klPerDimension, normalLogDensity } from '../densities';
import { klDivergence } from '../losses';
import type { Gaussian, PriorEntry } from './entry';

export interface StandardNormalPrior { readonly kind: 'standardNormal' }

/** N(0, I), whose KL divergence has a closed form (Kingma & Welling 2014, appendix B). */
export function standardNormal(): StandardNormalPrior { return { kind: 'standardNormal' }; }

/** As far as views reach: three standard deviations. */
const REACH = 3;
export const standardNormalEntry = {
  logDensity: (_: StandardNormalPrior, z: tf.Tensor) => normalLogDensity(z, 0, 0),
  kl: (_: StandardNormalPrior, { mean, logVariance }: Gaussian) => klDivergence(mean, logVariance),
  klPerDimension: (_: StandardNormalPrior, { mean, logVariance }: Gaussian) => klPerDimension(mean, logVariance),
  range: () => [-REACH, REACH] as const,
} satisfies PriorEntry<StandardNormalPrior>;
