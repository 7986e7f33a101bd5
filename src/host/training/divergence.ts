import { partsInWords } from '../../protocol/parts';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import type { Batch, NonFinite, StepParts } from '../engines/engine';

/** What a step computed its loss from. */
export interface StepGiven { readonly batch: Batch; /** [samples * count, latentDim] */ readonly noise: Float32Array; readonly values: HyperparameterValues; readonly split: 'train' | 'test' }

/** At `step` the loss left where training may lead it back; `given` is what it was computed from. */
export class DivergedError extends Error {
  constructor(message: string, readonly step: number, readonly given: StepGiven, readonly found?: NonFinite) { super(message); }
}
/** The loss became NaN or infinite at `step`. */
export class NonFiniteLossError extends DivergedError {
  constructor(step: number, given: StepGiven, { parts }: StepParts, found?: NonFinite) {
    super(given.split === 'train' ? `The loss is no longer finite at step ${step} (${partsInWords(parts)}). Try a lower learning rate.`
      : `The held-out loss is no longer finite at step ${step} (${partsInWords(parts)}). Try a lower learning rate.`, step, given, found);
    this.name = 'NonFiniteLossError';
  }
}
/** A gradient became NaN or infinite at `step`, of a loss that is not: no update was made with it. */
export class NonFiniteGradientError extends DivergedError {
  constructor(step: number, given: StepGiven, { parts }: StepParts, found?: NonFinite) {
    super(`A gradient is no longer finite at step ${step}, though the loss is (${partsInWords(parts)}).`, step, given, found);
    this.name = 'NonFiniteGradientError';
  }
}
/** Of numbers of any size three digits are enough. */
const rounded = (parts: StepParts['parts']): StepParts['parts'] => Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, Number(value.toPrecision(3))]));
/** The loss became very much larger than it ever has to be, at `step`. */
export class ExplodedLossError extends DivergedError {
  constructor(step: number, given: StepGiven, { parts }: StepParts, first: number) {
    super(`The loss exploded at step ${step}: ${partsInWords(rounded(parts))}, against ${first.toPrecision(3)} nats at the start. Try a lower learning rate.`, step, given);
    this.name = 'ExplodedLossError';
  }
}

/** A loss so many times as large as that of the first step, whose weights know nothing of the data, explodes. */
const TIMES = 1000;
/** Of a loss, nats per example: its parts without their weights, which may follow a schedule, and without their signs. */
const sizeOf = ({ parts }: StepParts): number => Object.values(parts).reduce((sum, part) => sum + Math.abs(part), 0);
/** The learning rate does not change what a loss is, as the width of a likelihood does. */
const changesLoss = (before: HyperparameterValues, after: HyperparameterValues): boolean => Object.keys(after).some((name) => name !== 'learningRate' && after[name] !== before[name]);

/** Knows an exploding loss by what the loss was at first, and at each step where a hyperparameter changed. */
export class ExplosionWatch {
  #first: number | undefined;
  #values: HyperparameterValues | undefined;

  /** `first`: as a checkpoint holds it. */
  constructor(first?: number) { this.#first = first; }

  /** Nats per example; absent before the first step. */
  get first(): number | undefined { return this.#first; }

  /** Call with each training step's loss. @throws ExplodedLossError */
  check(step: number, given: StepGiven, parts: StepParts): void {
    const size = sizeOf(parts);
    const changed = this.#values !== undefined && changesLoss(this.#values, given.values);
    this.#values = given.values;
    if (this.#first === undefined || changed) this.#first = Math.max(this.#first ?? 1, size);
    else if (size > TIMES * this.#first) throw new ExplodedLossError(step, given, parts, this.#first);
  }
}
