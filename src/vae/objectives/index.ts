import { betaTcVaeEntry, type BetaTcVaeObjective } from './betaTcVae';
import { elboEntry, type ElboObjective } from './elbo';
import type { ObjectiveEntry } from './entry';
import { factorVaeEntry, type FactorVaeObjective } from './factorVae';
import { iwaeEntry, type IwaeObjective } from './iwae';
import { ownEntry, type OwnObjective } from './own';
import { reconstructionEntry, type ReconstructionObjective } from './reconstruction';
import { vectorQuantizationEntry, type VectorQuantizationObjective } from './vectorQuantization';

/** What training lowers, as data. */
export type Objective = ElboObjective | IwaeObjective | BetaTcVaeObjective | FactorVaeObjective | ReconstructionObjective | VectorQuantizationObjective | OwnObjective;

/** The catalogue: a missing one does not compile. */
export const objectives: { readonly [K in Objective['kind']]: ObjectiveEntry<Extract<Objective, { kind: K }>> } = {
  elbo: elboEntry, iwae: iwaeEntry, betaTcVae: betaTcVaeEntry, factorVae: factorVaeEntry, reconstruction: reconstructionEntry, vectorQuantization: vectorQuantizationEntry, own: ownEntry,
};
/** Those for codes that are Gaussians given the picture, held to a prior. */
export const gaussianObjectives: readonly Objective['kind'][] = ['elbo', 'iwae', 'betaTcVae', 'factorVae', 'own'];
/** The entry of a description, for that description. */
export const objectiveEntry = (objective: Objective): ObjectiveEntry<Objective> => objectives[objective.kind] as ObjectiveEntry<Objective>;

/** Draws from the posterior an example and step. */
export const samplesOf = (objective: Objective): number => objectiveEntry(objective).samples(objective);

export { bindArguments, type StepTensors } from './bindArguments';
export { betaTcVae } from './betaTcVae';
export { elbo } from './elbo';
export type { ObjectiveArguments, Posterior, PriorTerms } from './entry';
export { factorVae } from './factorVae';
export { iwae } from './iwae';
export { objective, type HyperparameterOption, type ObjectiveFunction, type OwnObjective } from './own';
export { codebookRows, vectorQuantization } from './vectorQuantization';
export { reconstruction, type ReconstructionObjective } from './reconstruction';
