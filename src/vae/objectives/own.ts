import { knownOptions } from '../knownOptions';
import { liveValue, type LiveHyperparameters, type Scheduled } from '../live';
import type { Parts } from '../parts';
import type { VariableSpecs } from '../variables';
import type { ObjectiveArguments, ObjectiveEntry } from './entry';
import { samplesOption } from './samplesOption';

/** A hyperparameter of a person's own. */
export interface HyperparameterOption {
  /** What it starts with: a number or a schedule. */
  readonly value: Scheduled;
  /** Default 0. */
  readonly min?: number;
  /** Default 1000. */
  readonly max?: number;
  /** How values are spread over a slider; default `'linear'`. */
  readonly scale?: 'linear' | 'log';
}
/** A function from what a step has to the parts of its loss. */
export type ObjectiveFunction<Hyperparameter extends string = string, Variable extends string = string> = (given: ObjectiveArguments<Hyperparameter, Variable>) => Parts;
/** An objective of a person's own. */
export interface OwnObjective {
  readonly kind: 'own';
  readonly samples: number;
  readonly hyperparameters: LiveHyperparameters;
  readonly variables: VariableSpecs;
  readonly parts: (given: ObjectiveArguments) => Parts;
}

function checkName(what: string, name: string): void {
  if (!/^[A-Za-z]\w*$/.test(name)) throw new TypeError(`objective(): the ${what} "${name}" needs another name: letters and digits.`);
}

/**
 * An objective of your own: `parts` gives the named parts of the loss, in nats per example. A function alone will do where there is nothing else to say.
 * `hyperparameters` may change while training; `variables` are weights of its own; `samples` are draws from the posterior an example (default 1).
 * ```ts
 * objective({
 *   hyperparameters: { gamma: { value: 10, max: 1000 } },
 *   parts: ({ z, decode, negativeLogLikelihood, prior, hyperparameters: { gamma } }) => ({
 *     reconstruction: negativeLogLikelihood(decode(z)), kl: weighted(gamma, prior.kl()),
 *   }),
 * })
 * ```
 * @throws TypeError in one sentence for what is missing, unknown or out of range
 */
export function objective<Hyperparameter extends string = never, Variable extends string = never>(options: {
  hyperparameters?: Readonly<Record<Hyperparameter, HyperparameterOption>>;
  variables?: Readonly<Record<Variable, VariableSpecs[string]>>;
  samples?: number;
  parts: ObjectiveFunction<Hyperparameter, Variable>;
}): OwnObjective {
  knownOptions('objective', options, { hyperparameters: true, variables: true, samples: true, parts: true });
  if (typeof options.parts !== 'function') throw new TypeError('objective(): parts must be a function that gives the parts of the loss.');
  const hyperparameters: Record<string, LiveHyperparameters[string]> = {};
  for (const [name, { value, min = 0, max = 1000, scale = 'linear' }] of Object.entries<HyperparameterOption>(options.hyperparameters ?? {})) {
    checkName('hyperparameter', name);
    const spec = { min, max, minInclusive: true, scale };
    hyperparameters[name] = { ...spec, value: liveValue('objective', name, value, spec) };
  }
  const variables: VariableSpecs = options.variables ?? {};
  for (const name of Object.keys(variables)) checkName('variable', name);
  // What `parts` is given has the names declared here, which a catalogue of all objectives cannot know.
  return { kind: 'own', samples: samplesOption('objective', options.samples ?? 1), hyperparameters, variables, parts: options.parts as unknown as OwnObjective['parts'] };
}

export const ownEntry: ObjectiveEntry<OwnObjective> = {
  samples: ({ samples }) => samples,
  hyperparameters: ({ hyperparameters }) => hyperparameters,
  variables: ({ variables }) => variables,
  parts: ({ parts }, given) => parts(given),
};
