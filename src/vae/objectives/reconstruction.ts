import * as tf from '@tensorflow/tfjs';
import { liveValue, upTo, type LiveHyperparameters, type Scheduled } from '../live';
import { need } from '../need';
import { weighted } from '../parts';
import type { ObjectiveEntry } from './entry';

/** The reconstruction alone, without a prior. */
export interface ReconstructionObjective { readonly kind: 'reconstruction'; readonly sparsity?: Scheduled }

const spec = upTo(1000);

/**
 * -log p(x|z) in nats per example, and `sparsity` times the sum of a code's absolute values where that is given: what an autoencoder lowers. `sparsity` may change while training.
 * @throws TypeError for a value out of range
 */
export function reconstruction(options: { sparsity?: Scheduled } = {}): ReconstructionObjective {
  const { sparsity } = options;
  return { kind: 'reconstruction', ...(sparsity === undefined ? {} : { sparsity: liveValue('reconstruction', 'sparsity', sparsity, spec) }) };
}

export const reconstructionEntry: ObjectiveEntry<ReconstructionObjective> = {
  samples: () => 1,
  hyperparameters: ({ sparsity }): LiveHyperparameters => (sparsity === undefined ? {} : { sparsity: { ...spec, value: sparsity } }),
  parts: ({ sparsity }, { z, decode, negativeLogLikelihood, hyperparameters: now }) => ({
    reconstruction: negativeLogLikelihood(decode(z)),
    ...(sparsity === undefined ? {} : { absoluteCode: weighted(need(now['sparsity'], 'sparsity'), tf.sum(tf.abs(z), 1)) }),
  }),
};
