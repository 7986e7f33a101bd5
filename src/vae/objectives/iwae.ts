import * as tf from '@tensorflow/tfjs';
import { logSumExp } from '../densities';
import { knownOptions } from '../knownOptions';
import { shown } from '../parts';
import type { ObjectiveEntry } from './entry';
import { samplesOption } from './samplesOption';

/** The importance-weighted bound. */
export interface IwaeObjective { readonly kind: 'iwae'; readonly samples: number }

/**
 * Negative importance-weighted bound, -log of the mean of p(x, z) / q(z|x) over `samples` (default 5) draws from the posterior: the more, the tighter (Burda et al. 2016,
 * eq. 8). One sample is the ELBO. A step costs `samples` times the decoder. Reconstruction and KL divergence are shown.
 */
export function iwae(options: { samples?: number } = {}): IwaeObjective {
  knownOptions('iwae', options, { samples: true });
  return { kind: 'iwae', samples: samplesOption('iwae', options.samples ?? 5) };
}

export const iwaeEntry: ObjectiveEntry<IwaeObjective> = {
  samples: ({ samples }) => samples,
  parts: (_, { z, samples, decode, negativeLogLikelihood, posterior, prior }) => {
    const reconstruction = negativeLogLikelihood(decode(z));
    const logWeights = tf.sub(tf.sub(prior.logDensity(z), posterior.logDensity(z)), reconstruction);
    const bound = tf.sub(Math.log(samples), logSumExp(tf.reshape(logWeights, [samples, -1]), 0));
    return { bound, reconstruction: shown(reconstruction), kl: shown(prior.kl()) };
  },
};
