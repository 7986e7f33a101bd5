import * as tf from '@tensorflow/tfjs';
import { bernoulliNegativeLogLikelihood } from '../losses';
import type { LikelihoodEntry } from './entry';

export interface BernoulliLikelihood { readonly kind: 'bernoulli' }

/** Each pixel an independent Bernoulli, the decoder giving its logit. For images that are nearly black and white. */
export function bernoulli(): BernoulliLikelihood { return { kind: 'bernoulli' }; }

export const bernoulliEntry: LikelihoodEntry<BernoulliLikelihood> = {
  outputs: () => 1,
  negativeLogLikelihood: (_, x, logits) => bernoulliNegativeLogLikelihood(logits, x),
  mean: (_, logits) => tf.sigmoid(logits),
};
