import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../knownOptions';
import type { LikelihoodEntry } from './entry';
import { locationAndLogScale, outputsOf, shownLocation, spreadHyperparameters, spreadOption, spreadVariables, type Spread } from './spread';

export interface DiscretizedLogisticLikelihood { readonly kind: 'discretizedLogistic'; readonly scale: Spread; readonly levels: number }

/**
 * Each pixel one of `levels` (default 256) equally spaced values in [0, 1], with the mass that a logistic distribution around the decoder's output has in the
 * pixel's bin; the outermost bins go on for ever (Kingma et al. 2016; Salimans et al. 2017). `scale` as `sigma` of `gaussian()` (default `'learned'`).
 */
export function discretizedLogistic(options: { scale?: Spread; levels?: number } = {}): DiscretizedLogisticLikelihood {
  knownOptions('discretizedLogistic', options, { scale: true, levels: true });
  const levels = options.levels ?? 256;
  if (!Number.isInteger(levels) || levels < 2 || levels > 65536) throw new TypeError(`discretizedLogistic(): levels must be a whole number from 2 to 65536; got ${levels}.`);
  return { kind: 'discretizedLogistic', scale: spreadOption('discretizedLogistic', 'scale', options.scale ?? 'learned'), levels };
}

const asNumber = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');

export const discretizedLogisticEntry: LikelihoodEntry<DiscretizedLogisticLikelihood> = {
  outputs: ({ scale }) => outputsOf(scale),
  hyperparameters: ({ scale }) => spreadHyperparameters('scale', scale),
  variables: ({ scale }) => spreadVariables(scale),
  /** With a > b the bin's edges in widths, log(sigmoid(a) - sigmoid(b)) = log(1 - exp(b - a)) - softplus(-a) - softplus(b), in which nothing cancels. */
  negativeLogLikelihood: ({ scale, levels }, x, output, tools) => {
    const { location, logScale } = locationAndLogScale('scale', scale, output, tools);
    const half = 0.5 / (levels - 1);
    const perWidth = tf.exp(tf.neg(logScale));
    const offset = tf.sub(x, location);
    const [upper, lower] = [tf.mul(tf.add(offset, half), perWidth), tf.mul(tf.sub(offset, half), perWidth)];
    const [notTop, notBottom] = [asNumber(tf.less(x, 1 - half)), asNumber(tf.greater(x, half))];
    const inside = tf.mul(tf.mul(notTop, notBottom), tf.log(tf.neg(tf.expm1(tf.mul(perWidth, -2 * half)))));
    return tf.sum(tf.sub(tf.add(tf.mul(notTop, tf.softplus(tf.neg(upper))), tf.mul(notBottom, tf.softplus(lower))), inside), -1);
  },
  mean: ({ scale }, output) => shownLocation(scale, output),
};
