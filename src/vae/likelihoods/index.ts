import { bernoulliEntry, type BernoulliLikelihood } from './bernoulli';
import { continuousBernoulliEntry, type ContinuousBernoulliLikelihood } from './continuousBernoulli';
import { discretizedLogisticEntry, type DiscretizedLogisticLikelihood } from './discretizedLogistic';
import type { LikelihoodEntry } from './entry';
import { gaussianEntry, type GaussianLikelihood } from './gaussian';
import { laplaceEntry, type LaplaceLikelihood } from './laplace';

/** Of a pixel given the decoder's output, as data. */
export type Likelihood = BernoulliLikelihood | ContinuousBernoulliLikelihood | GaussianLikelihood | LaplaceLikelihood | DiscretizedLogisticLikelihood;

/** The catalogue: a missing one does not compile. */
export const likelihoods: { readonly [K in Likelihood['kind']]: LikelihoodEntry<Extract<Likelihood, { kind: K }>> } = {
  bernoulli: bernoulliEntry, continuousBernoulli: continuousBernoulliEntry, gaussian: gaussianEntry, laplace: laplaceEntry, discretizedLogistic: discretizedLogisticEntry,
};
/** The entry of a description, for that description. */
export const likelihoodEntry = (likelihood: Likelihood): LikelihoodEntry<Likelihood> => likelihoods[likelihood.kind] as LikelihoodEntry<Likelihood>;

export { bernoulli } from './bernoulli';
export { continuousBernoulli } from './continuousBernoulli';
export { discretizedLogistic } from './discretizedLogistic';
export { gaussian } from './gaussian';
export { laplace } from './laplace';
export type { Spread } from './spread';
