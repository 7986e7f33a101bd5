import type { VaeModel } from '../model';
import { elbo, gaussianObjectives } from '../objectives/index';
import { standardNormal } from '../priors/index';
import { checkOptions, Checks, describe } from './describe';
import { MOST_LATENT, vaeOptions, type VaeConfig } from './vae';

/** As of `vae()`; the data must have labels. */
export type ConditionalVaeConfig = VaeConfig;

/**
 * A VAE of pictures given their class (Sohn et al. 2015; the code does not depend on the class, as in Kingma et al. 2014, so the prior is the same for all). The decoder is given the code and the
 * class as a one-hot row beside it; the encoder sees one channel more, a picture that is learned for each class. The code is then free of what the class tells: samples are drawn by class.
 * @throws TypeError, in one sentence, when an option is missing, unknown or out of range.
 */
export function conditionalVae(config: ConditionalVaeConfig): VaeModel {
  checkOptions('conditionalVae', config, vaeOptions);
  const latentDim = new Checks('conditionalVae').whole('latentDim', config.latentDim, 1, MOST_LATENT);
  return describe(config, { kind: 'conditionalVae', latentDim, prior: config.prior ?? standardNormal(), logVarianceLimit: config.logVarianceLimit, objective: config.objective ?? elbo(), objectiveKinds: gaussianObjectives });
}
