import type { Likelihood } from '../../vae/likelihoods/index';

/** What the likelihood is a probability of: nats of one measure say nothing beside those of another. */
const measures: { readonly [K in Likelihood['kind']]: (likelihood: Extract<Likelihood, { kind: K }>) => string } = {
  bernoulli: () => 'Bernoulli',
  continuousBernoulli: () => 'density',
  gaussian: () => 'density',
  laplace: () => 'density',
  discretizedLogistic: ({ levels }) => `mass of ${levels} levels`,
};
export const measureOf = (likelihood: Likelihood): string => (measures[likelihood.kind] as (given: Likelihood) => string)(likelihood);
