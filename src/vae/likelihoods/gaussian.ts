import * as tf from '@tensorflow/tfjs';
import { HALF_LOG_2PI } from '../densities';
import { knownOptions } from '../knownOptions';
import type { LikelihoodEntry } from './entry';
import { locationAndLogScale, outputsOf, shownLocation, spreadHyperparameters, spreadOption, spreadVariables, type Spread } from './spread';

export interface GaussianLikelihood { readonly kind: 'gaussian'; readonly sigma: Spread }

/**
 * Each pixel an independent Gaussian around the decoder's output, of standard deviation `sigma`: a number (default 0.1), `'learned'`, one for all
 * pixels (sigma-VAE, Rybkin et al. 2021), or `'perPixel'`, which the decoder gives too (Kingma & Welling 2014, appendix C.2).
 */
export function gaussian(options: { sigma?: Spread } = {}): GaussianLikelihood {
  knownOptions('gaussian', options, { sigma: true });
  return { kind: 'gaussian', sigma: spreadOption('gaussian', 'sigma', options.sigma ?? 0.1) };
}

export const gaussianEntry: LikelihoodEntry<GaussianLikelihood> = {
  outputs: ({ sigma }) => outputsOf(sigma),
  hyperparameters: ({ sigma }) => spreadHyperparameters('sigma', sigma),
  variables: ({ sigma }) => spreadVariables(sigma),
  negativeLogLikelihood: ({ sigma }, x, output, tools) => {
    const { location, logScale } = locationAndLogScale('sigma', sigma, output, tools);
    const scaled = tf.mul(tf.sub(x, location), tf.exp(tf.neg(logScale)));
    return tf.sum(tf.add(tf.mul(tf.square(scaled), 0.5), tf.add(logScale, HALF_LOG_2PI)), -1);
  },
  mean: ({ sigma }, output) => shownLocation(sigma, output),
};
