/** The evidence lower bound, its KL term weighted by beta. */
export interface ElboObjective { readonly kind: 'elbo'; readonly beta: number }
export type Objective = ElboObjective;
export interface BernoulliLikelihood { readonly kind: 'bernoulli' }
export interface GaussianLikelihood { readonly kind: 'gaussian'; readonly sigma: number }
export type Likelihood = BernoulliLikelihood | GaussianLikelihood;

/**
 * Negative evidence lower bound, `reconstruction + beta * kl`, in nats per example (Kingma & Welling 2014, eq. 10).
 * `beta` 1 is the VAE; other values are the beta-VAE (Higgins et al. 2017). `beta` may change while training.
 */
export function elbo(options: { beta?: number } = {}): ElboObjective {
  const beta = options.beta ?? 1;
  if (!Number.isFinite(beta) || beta < 0 || beta > 1000) throw new TypeError(`elbo(): beta must be a number from 0 to 1000; got ${beta}.`);
  return { kind: 'elbo', beta };
}

/** Each pixel an independent Bernoulli, the decoder giving its logit. For images that are nearly black and white. */
export function bernoulli(): BernoulliLikelihood { return { kind: 'bernoulli' }; }

/** Each pixel an independent Gaussian around the decoder's output, with fixed standard deviation `sigma` (default 0.1). */
export function gaussian(options: { sigma?: number } = {}): GaussianLikelihood {
  const sigma = options.sigma ?? 0.1;
  if (!Number.isFinite(sigma) || sigma <= 0) throw new TypeError(`gaussian(): sigma must be a number above 0; got ${sigma}.`);
  return { kind: 'gaussian', sigma };
}
