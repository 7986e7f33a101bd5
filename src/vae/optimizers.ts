import { inRange } from './inRange';
import { knownOptions } from './knownOptions';
import { extentOf, isSchedule, type Schedule } from './schedules';

/** A number, or how it changes over the run. */
export type LearningRate = number | Schedule;
/** The learning rate that a run starts with, and its schedule where it has one. */
interface Rate { readonly learningRate: number; readonly schedule?: Schedule }
export interface AdamDescription extends Rate { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
export interface AdamWDescription extends Rate { readonly kind: 'adamw'; readonly beta1: number; readonly beta2: number; readonly epsilon: number; readonly weightDecay: number }
export interface SgdDescription extends Rate { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean }
export interface RmspropDescription extends Rate { readonly kind: 'rmsprop'; readonly decay: number; readonly epsilon: number }
export type OptimizerDescription = AdamDescription | AdamWDescription | SgdDescription | RmspropDescription;
/** A missing one does not compile. */
export const optimizerKinds: { readonly [K in OptimizerDescription['kind']]: true } = { adam: true, adamw: true, sgd: true, rmsprop: true };

/** Of a schedule, the highest value counts: it may begin and end at 0. */
function rate(where: string, given: LearningRate): Rate {
  if (!isSchedule(given)) return { learningRate: inRange(where, 'learningRate', given, 0, 10, false) };
  inRange(where, 'learningRate', extentOf(given)[1], 0, 10, false);
  return { learningRate: given.from, schedule: given };
}

/** Adam (Kingma & Ba 2015). The usual choice; `learningRate` (default 1e-3; a number or a schedule such as `cosine({ from: 1e-3 })`) may change while training. */
export function adam(options: { learningRate?: LearningRate; beta1?: number; beta2?: number; epsilon?: number } = {}): AdamDescription {
  knownOptions('adam', options, { learningRate: true, beta1: true, beta2: true, epsilon: true });
  return {
    kind: 'adam',
    ...rate('adam', options.learningRate ?? 1e-3),
    beta1: inRange('adam', 'beta1', options.beta1 ?? 0.9, 0, 0.999999, true),
    beta2: inRange('adam', 'beta2', options.beta2 ?? 0.999, 0, 0.999999, true),
    epsilon: inRange('adam', 'epsilon', options.epsilon ?? 1e-8, 0, 1, false),
  };
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019): each weight also shrinks by `learningRate * weightDecay` (default 0.01) of itself a step. */
export function adamw(options: { learningRate?: LearningRate; beta1?: number; beta2?: number; epsilon?: number; weightDecay?: number } = {}): AdamWDescription {
  knownOptions('adamw', options, { learningRate: true, beta1: true, beta2: true, epsilon: true, weightDecay: true });
  return {
    kind: 'adamw',
    ...rate('adamw', options.learningRate ?? 1e-3),
    beta1: inRange('adamw', 'beta1', options.beta1 ?? 0.9, 0, 0.999999, true),
    beta2: inRange('adamw', 'beta2', options.beta2 ?? 0.999, 0, 0.999999, true),
    epsilon: inRange('adamw', 'epsilon', options.epsilon ?? 1e-8, 0, 1, false),
    weightDecay: inRange('adamw', 'weightDecay', options.weightDecay ?? 0.01, 0, 10, true),
  };
}

/** Gradient descent, with momentum (Nesterov's: Sutskever et al. 2013) if asked for. Losses are sums over pixels, so learning rates are small (default 1e-4). */
export function sgd(options: { learningRate?: LearningRate; momentum?: number; nesterov?: boolean } = {}): SgdDescription {
  knownOptions('sgd', options, { learningRate: true, momentum: true, nesterov: true });
  const momentum = inRange('sgd', 'momentum', options.momentum ?? 0, 0, 0.999999, true);
  if (options.nesterov === true && momentum === 0) throw new TypeError('sgd(): nesterov needs a momentum above 0.');
  return { kind: 'sgd', ...rate('sgd', options.learningRate ?? 1e-4), momentum, nesterov: options.nesterov ?? false };
}

/** RMSprop (Tieleman & Hinton 2012): gradients divided by a running root mean square. */
export function rmsprop(options: { learningRate?: LearningRate; decay?: number; epsilon?: number } = {}): RmspropDescription {
  knownOptions('rmsprop', options, { learningRate: true, decay: true, epsilon: true });
  return {
    kind: 'rmsprop',
    ...rate('rmsprop', options.learningRate ?? 1e-3),
    decay: inRange('rmsprop', 'decay', options.decay ?? 0.9, 0, 0.999999, true),
    epsilon: inRange('rmsprop', 'epsilon', options.epsilon ?? 1e-8, 0, 1, false),
  };
}
