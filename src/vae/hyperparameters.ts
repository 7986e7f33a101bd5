import { learningRateSpec, type HyperparameterSpecs, type HyperparameterValues } from '../spec/hyperparameters';
import { likelihoodEntry } from './likelihoods/index';
import type { LiveHyperparameter, LiveHyperparameters } from './live';
import type { VaeModel } from './model';
import { objectiveEntry } from './objectives/index';
import { priorEntry } from './priors/index';
import { isSchedule, scheduledValue, type Schedule } from './schedules';

type Described = Pick<VaeModel, 'training' | 'objective' | 'likelihood' | 'prior'>;

/** All of a model's live hyperparameters, the learning rate first. @throws TypeError where two parts of it declare one name */
export function hyperparametersOf({ training: { optimizer }, objective, likelihood, prior }: Described): LiveHyperparameters {
  const all: Record<string, LiveHyperparameter> = { learningRate: { ...learningRateSpec, value: optimizer.schedule ?? optimizer.learningRate } };
  for (const declared of [objectiveEntry(objective).hyperparameters?.(objective), likelihoodEntry(likelihood).hyperparameters?.(likelihood), priorEntry(prior).hyperparameters?.(prior)]) {
    for (const [name, live] of Object.entries(declared ?? {})) {
      if (Object.hasOwn(all, name)) throw new TypeError(`vae(): two parts of the model have a hyperparameter "${name}".`);
      all[name] = live;
    }
  }
  return all;
}

/** Their ranges alone, for whoever sets one. */
export const specsOf = (all: LiveHyperparameters): HyperparameterSpecs =>
  Object.fromEntries(Object.entries(all).map(([name, { min, max, minInclusive, scale }]) => [name, { min, max, minInclusive, scale }]));
/** Those that follow a schedule. */
export const schedulesOf = (all: LiveHyperparameters): Record<string, Schedule> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, { value }]) => (isSchedule(value) ? [[name, value]] : [])));

/** The values of the first step, for a run of `totalSteps`. */
export function firstValues(all: LiveHyperparameters, totalSteps = 1, stepsPerEpoch = 1): HyperparameterValues {
  const first = ({ value }: LiveHyperparameter): number => (isSchedule(value) ? scheduledValue(value, { step: 0, totalSteps, stepsPerEpoch }) : value);
  return { learningRate: 0, ...Object.fromEntries(Object.entries(all).map(([name, live]) => [name, first(live)])) };
}

/** Values at which every term of the loss counts: what is 0 to begin with, such as a beta that is warmed up, is 1, or as near to it as it may be. */
export function telling(all: LiveHyperparameters): HyperparameterValues {
  return { learningRate: 0, ...Object.fromEntries(Object.entries(firstValues(all)).map(([name, value]) => [name, value === 0 ? Math.min(1, all[name]?.max ?? 1) : value])) };
}
