import { elboEntry, type ElboObjective } from './elbo';
import type { ObjectiveEntry } from './entry';
import { iwaeEntry, type IwaeObjective } from './iwae';
import { ownEntry, type OwnObjective } from './own';

/** What training lowers, as data. */
export type Objective = ElboObjective | IwaeObjective | OwnObjective;

/** The catalogue: a missing one does not compile. */
export const objectives: { readonly [K in Objective['kind']]: ObjectiveEntry<Extract<Objective, { kind: K }>> } = { elbo: elboEntry, iwae: iwaeEntry, own: ownEntry };
/** The entry of a description, for that description. */
export const objectiveEntry = (objective: Objective): ObjectiveEntry<Objective> => objectives[objective.kind] as ObjectiveEntry<Objective>;

/** Draws from the posterior an example and step. */
export const samplesOf = (objective: Objective): number => objectiveEntry(objective).samples(objective);

export { bindArguments, type StepTensors } from './bindArguments';
export { elbo } from './elbo';
export type { ObjectiveArguments, Posterior, PriorTerms } from './entry';
export { iwae } from './iwae';
export { objective, type HyperparameterOption, type ObjectiveFunction } from './own';
