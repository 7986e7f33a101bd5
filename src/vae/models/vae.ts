import type { ModelOptions, VaeModel } from '../model';
import { elbo, gaussianObjectives, type Objective, type ObjectiveFunction } from '../objectives/index';
import { standardNormal, type Prior } from '../priors/index';
import { checkOptions, Checks, describe } from './describe';

export interface VaeConfig extends ModelOptions {
  /** Dimensions of the latent space. */
  readonly latentDim: number;
  /** Of z; default `standardNormal()`. */
  readonly prior?: Prior;
  /** The posterior's log-variance is kept between minus this and this, so that its exponential stays finite; default 30. Smaller where a loss diverges. */
  readonly logVarianceLimit?: number;
  /** Default `elbo({ beta: 1 })`. Your own: a function that gives the named parts of the loss, or `objective({ ... })`. */
  readonly objective?: Objective | ObjectiveFunction<never, never>;
}
/** Of its own, besides those of every model. */
export const vaeOptions: Record<Exclude<keyof VaeConfig, keyof ModelOptions>, true> = { latentDim: true, prior: true, logVarianceLimit: true, objective: true };
/** More numbers in a code are no compression. */
export const MOST_LATENT = 4096;

/**
 * A variational autoencoder (Kingma & Welling 2014): an encoder, a decoder, and what to train them on. The heads for mean and log-variance of the code are added to the encoder.
 * Give `data`, `latentDim`, `encoder` and `decoder`; the rest has defaults.
 * @throws TypeError, in one sentence, when an option is missing, unknown or out of range.
 */
export function vae(config: VaeConfig): VaeModel {
  checkOptions('vae', config, vaeOptions);
  const latentDim = new Checks('vae').whole('latentDim', config.latentDim, 1, MOST_LATENT);
  return describe(config, { kind: 'vae', latentDim, prior: config.prior ?? standardNormal(), logVarianceLimit: config.logVarianceLimit, objective: config.objective ?? elbo(), objectiveKinds: gaussianObjectives });
}
