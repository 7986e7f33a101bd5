import { checkHyperparameter, type HyperparameterSpec } from '../spec/hyperparameters';
import { extentOf, isSchedule, type Schedule } from './schedules';

/** A number, or how it changes over the run. */
export type Scheduled = number | Schedule;
/** A hyperparameter that may change while training, with the value or schedule it starts with. */
export interface LiveHyperparameter extends HyperparameterSpec { readonly value: Scheduled }
export type LiveHyperparameters = Readonly<Record<string, LiveHyperparameter>>;

/** Of at least 0, on a linear scale: most weights and rates. */
export const upTo = (max: number): HyperparameterSpec => ({ min: 0, max, minInclusive: true, scale: 'linear' });
/** Above 0, on a logarithmic scale: most widths. */
export const positive = (max: number): HyperparameterSpec => ({ min: 0, max, minInclusive: false, scale: 'log' });

/** Checks a value, or all that a schedule may give, where it is given. @throws TypeError */
export function liveValue(where: string, name: string, value: Scheduled, spec: HyperparameterSpec): Scheduled {
  for (const each of isSchedule(value) ? extentOf(value) : [value]) {
    const wrong = checkHyperparameter({ [name]: spec }, name, each);
    if (wrong !== undefined) throw new TypeError(`${where}(): ${wrong}`);
  }
  return value;
}
