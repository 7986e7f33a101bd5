import * as tf from '@tensorflow/tfjs';
import { logSumExp, normalLogDensity } from '../densities';
import { knownOptions } from '../knownOptions';
import { need } from '../need';
import type { PriorEntry, PriorTools } from './entry';

export interface MixturePrior { readonly kind: 'mixture'; readonly components: number }

/** A mixture of `components` (default 10) Gaussians, learned along (as in Dilokthanakul et al. 2016; Tomczak & Welling 2018). Its KL divergence is estimated at the step's z (Monte Carlo). */
export function mixture(options: { components?: number } = {}): MixturePrior {
  knownOptions('mixture', options, { components: true });
  const components = options.components ?? 10;
  if (!Number.isInteger(components) || components < 1 || components > 10_000) throw new TypeError(`mixture(): components must be a whole number from 1 to 10000; got ${components}.`);
  return { kind: 'mixture', components };
}

/** Means and log-variances [components, latent], logits [components]. */
const weightsOf = ({ variables: { means, logVariances, logits } }: Pick<PriorTools, 'variables'>) => ({ means: need(means, 'means'), logVariances: need(logVariances, 'logVariances'), logits: need(logits, 'logits') });
/** Means start as draws of a standard normal, each component of variance 1: four standard deviations hold nearly all. */
const REACH = 4;

export const mixtureEntry: PriorEntry<MixturePrior> = {
  variables: ({ components }, { latentDim }) => ({
    means: { shape: [components, latentDim], initial: 'normal' }, logVariances: { shape: [components, latentDim], initial: 0 }, logits: { shape: [components], initial: 0 },
  }),
  logDensity: (_, z, tools) => {
    const { means, logVariances, logits } = weightsOf(tools);
    const ofEach = normalLogDensity(tf.expandDims(z, -2), means, logVariances);
    return tf.sub(logSumExp(tf.add(ofEach, logits), ofEach.rank - 1), logSumExp(logits, 0));
  },
  sample: ({ components }, noise, choices, tools) => {
    const { means, logVariances, logits } = weightsOf(tools);
    const below = tf.tensor2d(Array.from({ length: components }, (_, i) => Array.from({ length: components }, (__, j) => (i <= j ? 1 : 0))));
    const upTo = tf.matMul(tf.expandDims(tf.softmax(logits), 0), below); // [1, components]
    const chosen = tf.minimum(tf.sum(tf.cast(tf.greaterEqual(tf.expandDims(choices, 1), upTo), 'int32'), 1), components - 1);
    const weights = tf.oneHot(tf.cast(chosen, 'int32'), components);
    const of = (table: tf.Tensor): tf.Tensor => tf.matMul(tf.cast(weights, 'float32'), table);
    return tf.add(of(means), tf.mul(tf.exp(tf.mul(of(logVariances), 0.5)), noise));
  },
  range: () => [-REACH, REACH],
};
