import * as tf from '@tensorflow/tfjs';
import { need } from '../need';
import type { PriorEntry, PriorTools } from './entry';

/** None: what an autoencoder has in place of a prior. */
export interface FittedGaussian { readonly kind: 'fittedGaussian' }

/** No prior takes part in training: samples are draws from a Gaussian fitted to the codes (ex-post density estimation, Ghosh et al. 2020, section 4), here one for each number of a code. */
export function fittedGaussian(): FittedGaussian { return { kind: 'fittedGaussian' }; }

/** An average over some twenty steps, once so many are made. */
const RATE = 0.05;
/** A number that is the same in all codes is not divided by 0. */
const LEAST_VARIANCE = 1e-12;

const momentsOf = ({ variables: { mean, variance, steps } }: Pick<PriorTools, 'variables'>) => ({ mean: need(mean, 'mean'), variance: need(variance, 'variance'), steps: need(steps, 'steps') });
const deviation = (variance: tf.Tensor): tf.Tensor => tf.sqrt(tf.maximum(variance, LEAST_VARIANCE));

export const fittedGaussianEntry: PriorEntry<FittedGaussian> = {
  variables: (_, { latentDim }) => ({
    mean: { shape: [latentDim], initial: 0, trainable: false }, variance: { shape: [latentDim], initial: 1, trainable: false }, steps: { shape: [], initial: 0, trainable: false },
  }),
  logDensity: () => { throw new TypeError('An autoencoder has no prior: its objective can use x, z, decode and negativeLogLikelihood.'); },
  observe: (_, codes, { variables }) => {
    const { mean, variance, steps } = momentsOf({ variables });
    const rate = tf.maximum(RATE, tf.reciprocal(tf.add(steps, 1))); // of few steps the plain average
    const towards = (old: tf.Tensor, now: tf.Tensor): tf.Tensor => tf.add(old, tf.mul(rate, tf.sub(now, old)));
    const centre = towards(mean, tf.mean(codes, 0));
    variables['variance']?.assign(towards(variance, tf.mean(tf.square(tf.sub(codes, centre)), 0)));
    variables['mean']?.assign(centre);
    variables['steps']?.assign(tf.add(steps, 1));
  },
  standardize: {
    from: (_, code, tools) => { const { mean, variance } = momentsOf(tools); return tf.div(tf.sub(code, mean), deviation(variance)); },
    to: (_, z, tools) => { const { mean, variance } = momentsOf(tools); return tf.add(tf.mul(z, deviation(variance)), mean); },
  },
  range: () => [-3, 3],
};
