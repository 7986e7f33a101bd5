import { betaTcVaeEntry, type BetaTcVaeObjective } from './betaTcVae';
import { elboEntry, type ElboObjective } from './elbo';
import type { ObjectiveEntry } from './entry';
import { iwaeEntry, type IwaeObjective } from './iwae';
import { ownEntry, type OwnObjective } from './own';
import { reconstructionEntry, type ReconstructionObjective } from './reconstruction';

/** What training lowers, as data. */
export type Objective = ElboObjective | IwaeObjective | BetaTcVaeObjective | ReconstructionObjective | OwnObjective;

/** The catalogue: a missing one does not compile. */
export const objectives: { readonly [K in Objective['kind']]: ObjectiveEntry<Extract<Objective, { kind: K }>> } = {
  elbo: elboEntry, iwae: iwaeEntry, betaTcVae: betaTcVaeEntry, reconstruction: reconstructionEntry, own: ownEntry,
};
/** Those for codes that are Gaussians given the picture, held to a prior. */
export const gaussianObjectives: readonly Objective['kind'][] = ['elbo', 'iwae', 'betaTcVae', 'own'];
/** The entry of a description, for that description. */
export const objectiveEntry = (objective: Objective): ObjectiveEntry<Objective> => objectives[objective.kind] as ObjectiveEntry<Objective>;

/** Draws from the posterior an example and step. */
export const samplesOf = (objective: Objective): number => objectiveEntry(objective).samples(objective);

export { bindArguments, type StepTensors } from './bindArguments';
export { betaTcVae } from './betaTcVae';
export { elbo } from './elbo';
export type { ObjectiveArguments, Posterior, PriorTerms } from './entry';
export { iwae } from './iwae';
export { objective, type HyperparameterOption, type ObjectiveFunction, type OwnObjective } from './own';
export { reconstruction, type ReconstructionObjective } from './reconstruction';
