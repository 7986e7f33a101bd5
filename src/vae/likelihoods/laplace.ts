import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../knownOptions';
import type { LikelihoodEntry } from './entry';
import { locationAndLogScale, outputsOf, shownLocation, spreadHyperparameters, spreadOption, spreadVariables, type Spread } from './spread';

export interface LaplaceLikelihood { readonly kind: 'laplace'; readonly scale: Spread }

/** Each pixel an independent Laplace distribution around the decoder's output: an absolute error in place of a square. `scale` as `sigma` of `gaussian()` (default 0.1). */
export function laplace(options: { scale?: Spread } = {}): LaplaceLikelihood {
  knownOptions('laplace', options, { scale: true });
  return { kind: 'laplace', scale: spreadOption('laplace', 'scale', options.scale ?? 0.1) };
}

export const laplaceEntry: LikelihoodEntry<LaplaceLikelihood> = {
  outputs: ({ scale }) => outputsOf(scale),
  hyperparameters: ({ scale }) => spreadHyperparameters('scale', scale),
  variables: ({ scale }) => spreadVariables(scale),
  negativeLogLikelihood: ({ scale }, x, output, tools) => {
    const { location, logScale } = locationAndLogScale('scale', scale, output, tools);
    const scaled = tf.mul(tf.abs(tf.sub(x, location)), tf.exp(tf.neg(logScale)));
    return tf.sum(tf.add(scaled, tf.add(logScale, Math.LN2)), -1);
  },
  mean: ({ scale }, output) => shownLocation(scale, output),
};
