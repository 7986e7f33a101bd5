import type { HyperparameterSpec } from '../spec/hyperparameters';
import { temperatureOf, type Temperature } from '../spec/temperature';
import type { Manifest } from './run';

/** A number that a run was given: a live hyperparameter, or what else a model's text says of its training. */
export interface Setting {
  readonly name: string;
  /** Its name among the numbers of the model's text. */
  readonly literal: string;
  readonly value: number;
  readonly spec: Pick<HyperparameterSpec, 'min' | 'max' | 'minInclusive' | 'scale'>;
  readonly temperature: Temperature;
}

const whole = (min: number, max: number): Setting['spec'] => ({ min, max, minInclusive: true, scale: 'linear' });

/** Every number of a run that can be changed, at the next step or in a run of its own; those of the next step first. */
export function settingsOf({ hyperparameters, hyperparameterSpecs: specs, epochs, batchSize, latentDim, seed }: Pick<Manifest, 'hyperparameters' | 'hyperparameterSpecs' | 'epochs' | 'batchSize' | 'latentDim' | 'seed'>): Setting[] {
  const setting = (literal: string, value: number, spec: Setting['spec']): Setting => ({ name: literal.replace('training.', ''), literal, value, spec, temperature: temperatureOf(literal, specs) });
  return [
    ...Object.entries(specs).flatMap(([name, spec]) => { const value = hyperparameters[name]; return value === undefined ? [] : [setting(name, value, spec)]; }),
    setting('training.epochs', epochs, whole(1, 1_000_000)), setting('training.batchSize', batchSize, whole(1, 65_536)), setting('latentDim', latentDim, whole(1, 4096)), setting('training.seed', seed, whole(0, 0xffffffff)),
  ];
}
