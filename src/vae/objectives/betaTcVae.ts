import * as tf from '@tensorflow/tfjs';
import { HALF_LOG_2PI, logSumExp } from '../densities';
import { knownOptions } from '../knownOptions';
import { liveValue, upTo, type Scheduled } from '../live';
import { need } from '../need';
import { shown, weighted } from '../parts';
import type { ObjectiveEntry } from './entry';

/** The evidence lower bound with its KL divergence taken apart, each part weighted. */
export interface BetaTcVaeObjective { readonly kind: 'betaTcVae'; readonly alpha: Scheduled; readonly beta: Scheduled; readonly gamma: Scheduled }

const spec = upTo(1000);
const names = ['alpha', 'beta', 'gamma'] as const;

/**
 * The KL divergence as the mutual information of picture and code, the total correlation of the code's dimensions, and the divergence of each dimension by itself, weighted by `alpha` (default 1),
 * `beta` (default 6) and `gamma` (default 1), which may change while training: `reconstruction + alpha * mutualInformation + beta * totalCorrelation + gamma * dimensionWiseKl`
 * (Chen et al. 2018, eq. 4). log q(z) is estimated from the batch by minibatch-weighted sampling (eq. 5), so the parts are estimates that hang on its size, and the mutual information is biased upwards.
 * @throws TypeError for a value out of range
 */
export function betaTcVae(options: { alpha?: Scheduled; beta?: Scheduled; gamma?: Scheduled } = {}): BetaTcVaeObjective {
  knownOptions('betaTcVae', options, { alpha: true, beta: true, gamma: true });
  const { alpha = 1, beta = 6, gamma = 1 } = options;
  const given = { alpha, beta, gamma };
  for (const name of names) liveValue('betaTcVae', name, given[name], spec);
  return { kind: 'betaTcVae', ...given };
}

export const betaTcVaeEntry: ObjectiveEntry<BetaTcVaeObjective> = {
  samples: () => 1,
  hyperparameters: (description) => Object.fromEntries(names.map((name) => [name, { ...spec, value: description[name] }])),
  parts: (_, { z, decode, negativeLogLikelihood, posterior, prior, datasetSize, hyperparameters: now }) => {
    const [batch = 1] = z.shape;
    const [mean, logVariance] = [tf.expandDims(posterior.mean, 0), tf.expandDims(posterior.logVariance, 0)];
    // log q(z_i|x_j) of each dimension, [i, j, latent].
    const scaled = tf.mul(tf.square(tf.sub(tf.expandDims(z, 1), mean)), tf.exp(tf.neg(logVariance)));
    const pairs = tf.sub(tf.mul(tf.add(scaled, logVariance), -0.5), HALF_LOG_2PI);
    const share = Math.log(batch * datasetSize);
    const logJoint = tf.sub(logSumExp(tf.sum(pairs, 2), 1), share);
    const logMarginals = tf.sum(tf.sub(logSumExp(pairs, 1), share), 1);
    return {
      reconstruction: negativeLogLikelihood(decode(z)),
      mutualInformation: weighted(need(now['alpha'], 'alpha'), tf.sub(posterior.logDensity(z), logJoint)),
      totalCorrelation: weighted(need(now['beta'], 'beta'), tf.sub(logJoint, logMarginals)),
      dimensionWiseKl: weighted(need(now['gamma'], 'gamma'), tf.sub(logMarginals, prior.logDensity(z))),
      kl: shown(prior.kl()),
    };
  },
};
