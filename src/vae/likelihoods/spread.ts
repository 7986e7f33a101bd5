import * as tf from '@tensorflow/tfjs';
import { liveValue, positive, type LiveHyperparameters, type Scheduled } from '../live';
import { need } from '../need';
import { isSchedule } from '../schedules';
import type { VariableSpecs } from '../variables';
import type { LikelihoodTools } from './entry';

/**
 * How wide a likelihood is around the decoder's output: a number (which may change while training), one number for all pixels learned as a weight (sigma-VAE,
 * Rybkin et al. 2021), or one for each pixel that the decoder gives beside the location.
 */
export type Spread = Scheduled | 'learned' | 'perPixel';

/** Learned widths stay above exp of this, so that a pixel that never varies does not make the density infinite (Rybkin et al. 2021). */
const LOWEST_LOG = -6;
const spec = positive(100);

/** @throws TypeError */
export function spreadOption(where: string, name: string, spread: Spread): Spread {
  if (spread === 'learned' || spread === 'perPixel') return spread;
  if (typeof spread !== 'number' && !isSchedule(spread)) throw new TypeError(`${where}(): ${name} must be a number, 'learned' or 'perPixel'.`);
  return liveValue(where, name, spread, spec);
}
export const outputsOf = (spread: Spread): 1 | 2 => (spread === 'perPixel' ? 2 : 1);
export const spreadHyperparameters = (name: string, spread: Spread): LiveHyperparameters => (spread === 'learned' || spread === 'perPixel' ? {} : { [name]: { ...spec, value: spread } });
/** The logarithm of the learned width. */
export const spreadVariables = (spread: Spread): VariableSpecs => (spread === 'learned' ? { logScale: { shape: [], initial: 0 } } : {});

/** Location and log of the width, of one shape or a scalar. */
export function locationAndLogScale(name: string, spread: Spread, output: tf.Tensor, { hyperparameters, variables }: LikelihoodTools): { location: tf.Tensor; logScale: tf.Tensor } {
  if (spread === 'perPixel') {
    const [location, raw] = tf.split(output, 2, -1) as [tf.Tensor, tf.Tensor];
    return { location, logScale: above(raw) };
  }
  return { location: output, logScale: spread === 'learned' ? above(need(variables['logScale'], name)) : tf.log(need(hyperparameters[name], name)) };
}

const above = (logScale: tf.Tensor): tf.Tensor => tf.add(tf.softplus(tf.sub(logScale, LOWEST_LOG)), LOWEST_LOG);

/** The location, as it can be shown. */
export const shownLocation = (spread: Spread, output: tf.Tensor): tf.Tensor => tf.clipByValue(spread === 'perPixel' ? (tf.split(output, 2, -1)[0] ?? output) : output, 0, 1);
