import { checkCorruption, isDataDescription, type Corruption, type DataDescription } from '../data/index';
import type { Scheduled } from '../live';
import type { ModelOptions, VaeModel } from '../model';
import { reconstruction, samplesOf, type ObjectiveFunction, type OwnObjective, type ReconstructionObjective } from '../objectives/index';
import { fittedGaussian } from '../priors/index';
import { checkOptions, Checks, describe } from './describe';
import { MOST_LATENT } from './vae';

export interface AutoencoderConfig extends ModelOptions {
  /** Numbers in a code. */
  readonly latentDim: number;
  /** What is done to the pictures that the encoder is given; the clean ones are to be restored (Vincent et al. 2008). As the data's option `corruption`. */
  readonly denoising?: Corruption | readonly Corruption[];
  /** Weight of the sum of a code's absolute values, which may change while training: most of a code is then near 0 (Goodfellow et al. 2016, section 14.2.1). Default: none. */
  readonly sparse?: Scheduled;
  /** In place of the reconstruction's loss, your own: a function that gives the named parts of the loss, or `objective({ ... })`. */
  readonly objective?: ReconstructionObjective | OwnObjective | ObjectiveFunction<never, never>;
}
const options: Record<Exclude<keyof AutoencoderConfig, keyof ModelOptions>, true> = { latentDim: true, denoising: true, sparse: true, objective: true };

/** The data, with pictures corrupted on their way into the encoder. */
function corrupted(data: DataDescription, denoising: AutoencoderConfig['denoising'], checks: Checks): DataDescription {
  if (denoising === undefined || !isDataDescription(data)) return data; // what is no data is refused below
  const corruption: readonly Corruption[] = Array.isArray(denoising) ? denoising : [denoising as Corruption];
  for (const one of corruption) checkCorruption('autoencoder', one);
  checks.that(data.corruption.length === 0, 'give denoising, or the corruption of the data, not both.');
  return { ...data, corruption };
}

/**
 * An autoencoder: a code of `latentDim` numbers for each picture, without noise and without a prior (Hinton & Salakhutdinov 2006). `denoising` corrupts what the encoder sees,
 * `sparse` keeps codes near 0. Samples are decoded from draws of a Gaussian fitted to the codes of training examples (Ghosh et al. 2020).
 * @throws TypeError, in one sentence, when an option is missing, unknown or out of range.
 */
export function autoencoder(config: AutoencoderConfig): VaeModel {
  checkOptions('autoencoder', config, options);
  const checks = new Checks('autoencoder');
  const latentDim = checks.whole('latentDim', config.latentDim, 1, MOST_LATENT);
  const { sparse, denoising, objective } = config;
  checks.that(sparse === undefined || objective === undefined, 'give sparse, or an objective of your own, not both.');
  const model = describe({ ...config, data: corrupted(config.data, denoising, checks) }, {
    kind: 'autoencoder', latentDim, prior: fittedGaussian(), objective: objective ?? reconstruction(sparse === undefined ? {} : { sparse: sparse }), objectiveKinds: ['reconstruction', 'own'],
  });
  checks.that(samplesOf(model.objective) === 1, 'an objective of an autoencoder takes one sample: a code has no noise.');
  return model;
}
