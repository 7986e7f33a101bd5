import type { PriorEntry } from './entry';
import { codebookPriorEntry, type CodebookPrior } from './codebookPrior';
import { fittedGaussianEntry, type FittedGaussian } from './fittedGaussian';
import { mixtureEntry, type MixturePrior } from './mixture';
import { standardNormalEntry, type StandardNormalPrior } from './standardNormal';
import { uniformBoxEntry, type UniformBoxPrior } from './uniformBox';

/** Of z, as data. */
export type Prior = StandardNormalPrior | UniformBoxPrior | MixturePrior | FittedGaussian | CodebookPrior;

/** The catalogue: a missing one does not compile. */
export const priors: { readonly [K in Prior['kind']]: PriorEntry<Extract<Prior, { kind: K }>> } = { standardNormal: standardNormalEntry, uniformBox: uniformBoxEntry, mixture: mixtureEntry, fittedGaussian: fittedGaussianEntry, codebook: codebookPriorEntry };
/** The entry of a description, for that description. */
export const priorEntry = (prior: Prior): PriorEntry<Prior> => priors[prior.kind] as PriorEntry<Prior>;

export type { Gaussian } from './entry';
export { codebookPrior, type AutoregressiveOptions } from './codebookPrior';
export { fittedGaussian } from './fittedGaussian';
export { mixture } from './mixture';
export { standardNormal } from './standardNormal';
export { uniformBox } from './uniformBox';
