import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../knownOptions';
import { liveValue, upTo, type LiveHyperparameters, type Scheduled } from '../live';
import { need } from '../need';
import { weighted } from '../parts';
import type { ObjectiveEntry } from './entry';

/** The reconstruction alone, without a prior. */
export interface ReconstructionObjective { readonly kind: 'reconstruction'; readonly sparse?: Scheduled }

const spec = upTo(1000);

/**
 * -log p(x|z) in nats per example, and `sparse` times the sum of a code's absolute values where that is given: what an autoencoder lowers. `sparse` may change while training.
 * @throws TypeError for a value out of range
 */
export function reconstruction(options: { sparse?: Scheduled } = {}): ReconstructionObjective {
  knownOptions('reconstruction', options, { sparse: true });
  const { sparse } = options;
  return { kind: 'reconstruction', ...(sparse === undefined ? {} : { sparse: liveValue('reconstruction', 'sparse', sparse, spec) }) };
}

export const reconstructionEntry: ObjectiveEntry<ReconstructionObjective> = {
  samples: () => 1,
  hyperparameters: ({ sparse }): LiveHyperparameters => (sparse === undefined ? {} : { sparse: { ...spec, value: sparse } }),
  parts: ({ sparse }, { z, decode, negativeLogLikelihood, hyperparameters: now }) => ({
    reconstruction: negativeLogLikelihood(decode(z)),
    ...(sparse === undefined ? {} : { absoluteCode: weighted(need(now['sparse'], 'sparse'), tf.sum(tf.abs(z), 1)) }),
  }),
};
