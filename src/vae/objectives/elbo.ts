import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../knownOptions';
import { liveValue, upTo, type Scheduled } from '../live';
import { need } from '../need';
import { shown, weighted } from '../parts';
import type { ObjectiveEntry } from './entry';
import { samplesOption } from './samplesOption';

/** The evidence lower bound, its KL term weighted by beta, held to a capacity, or with free bits. */
export interface ElboObjective {
  readonly kind: 'elbo';
  readonly samples: number;
  readonly beta?: Scheduled;
  readonly gamma?: Scheduled;
  readonly capacity?: Scheduled;
  readonly freeBits?: Scheduled;
}

const specs = { beta: upTo(1000), gamma: upTo(100_000), capacity: upTo(1000), freeBits: upTo(100) };
type Name = keyof typeof specs;
const names: readonly Name[] = ['beta', 'gamma', 'capacity', 'freeBits'];

/**
 * Negative evidence lower bound in nats per example, `reconstruction + beta * kl` (Kingma & Welling 2014, eq. 10). `beta` (default 1) other than 1 is the beta-VAE
 * (Higgins et al. 2017); `linear(...)` warms it up, `cyclic(...)` does so again and again (Fu et al. 2019).
 *
 * With `capacity`, in nats, `reconstruction + gamma * |kl - capacity|` (Burgess et al. 2018, eq. 8; `gamma` default 1000), as in `elbo({ gamma: 1000, capacity: linear({ to: 25, epochs: 10 }) })`.
 * With `freeBits`, in nats a latent dimension, a dimension's KL divergence, averaged over the batch, counts no less than that (Kingma et al. 2016, appendix C.8).
 * All four may change while training. `samples`: draws from the posterior an example (default 1).
 * @throws TypeError for a value out of range, and for `capacity` together with `beta` or `freeBits`
 */
export function elbo(options: { beta?: Scheduled; gamma?: Scheduled; capacity?: Scheduled; freeBits?: Scheduled; samples?: number } = {}): ElboObjective {
  knownOptions('elbo', options, { beta: true, gamma: true, capacity: true, freeBits: true, samples: true });
  const { capacity, freeBits } = options;
  if (capacity !== undefined && (options.beta !== undefined || freeBits !== undefined)) throw new TypeError('elbo(): give capacity, with gamma, or beta and freeBits.');
  if (capacity === undefined && options.gamma !== undefined) throw new TypeError('elbo(): gamma is the weight of capacity, which is not given.');
  const given: Partial<Record<Name, Scheduled>> = capacity === undefined ? { beta: options.beta ?? 1, ...(freeBits === undefined ? {} : { freeBits }) } : { gamma: options.gamma ?? 1000, capacity };
  for (const name of names) if (given[name] !== undefined) liveValue('elbo', name, given[name], specs[name]);
  return { kind: 'elbo', ...given, samples: samplesOption('elbo', options.samples ?? 1) };
}

export const elboEntry: ObjectiveEntry<ElboObjective> = {
  samples: ({ samples }) => samples,
  hyperparameters: (description) => Object.fromEntries(names.flatMap((name) => {
    const value = description[name];
    return value === undefined ? [] : [[name, { ...specs[name], value }]];
  })),
  parts: ({ capacity, freeBits }, { z, decode, negativeLogLikelihood, prior, hyperparameters: now }) => {
    const reconstruction = negativeLogLikelihood(decode(z));
    if (capacity !== undefined) {
      const kl = prior.kl();
      return { reconstruction, kl: shown(kl), capacityGap: weighted(need(now['gamma'], 'gamma'), tf.abs(tf.sub(tf.mean(kl), need(now['capacity'], 'capacity')))) };
    }
    const beta = need(now['beta'], 'beta');
    if (freeBits === undefined) return { reconstruction, kl: weighted(beta, prior.kl()) };
    const kl = prior.klPerDimension();
    return { reconstruction, kl: shown(tf.sum(kl, 1)), countedKl: weighted(beta, tf.sum(tf.maximum(tf.mean(kl, 0), need(now['freeBits'], 'freeBits')))) };
  },
};
