import { inRange } from './inRange';
import { knownOptions } from './knownOptions';

/** Multiplied by `factor` after every so many epochs. */
export interface StepDecaySchedule { readonly kind: 'stepDecay'; readonly from: number; readonly factor: number; readonly everyEpochs: number }
/** From one value to another along half a cosine, over the whole run. */
export interface CosineSchedule { readonly kind: 'cosine'; readonly from: number; readonly to: number; readonly warmUpEpochs: number }
/** Multiplied by `factor` where the held-out loss has stopped falling. */
export interface PlateauSchedule { readonly kind: 'reduceOnPlateau'; readonly from: number; readonly factor: number; readonly patience: number; readonly to: number; readonly threshold: number }
/** From one value to another in so many epochs, and there from then on. */
export interface LinearSchedule { readonly kind: 'linear'; readonly from: number; readonly to: number; readonly epochs: number }
/** Again and again from one value to another, staying there for the rest of each cycle. */
export interface CyclicSchedule { readonly kind: 'cyclic'; readonly from: number; readonly to: number; readonly cycles: number; readonly rising: number }
/** A hyperparameter over the steps of a run, as data. Evaluated for each step, so that a resumed run goes on as it would have. */
export type Schedule = StepDecaySchedule | CosineSchedule | PlateauSchedule | LinearSchedule | CyclicSchedule;
/** A missing one does not compile. */
const scheduleKinds: { readonly [K in Schedule['kind']]: true } = { stepDecay: true, cosine: true, reduceOnPlateau: true, linear: true, cyclic: true };

/** Where a run stands. */
export interface SchedulePosition {
  /** Updates made: 0 for the first. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}
/** What a schedule that follows the held-out loss remembers; JSON. */
export interface PlateauState { readonly value: number; readonly best: number | null; /** Epochs since the best. */ readonly waited: number }

const LARGEST = 1e6;

/** `from`, multiplied by `factor` (default 0.1) after every `everyEpochs` epochs. */
export function stepDecay(options: { from: number; factor?: number; everyEpochs: number }): StepDecaySchedule {
  knownOptions('stepDecay', options, { from: true, factor: true, everyEpochs: true });
  const { from, factor = 0.1, everyEpochs } = options;
  return { kind: 'stepDecay', from: inRange('stepDecay', 'from', from, 0, LARGEST, false), factor: inRange('stepDecay', 'factor', factor, 0, 1, false), everyEpochs: inRange('stepDecay', 'everyEpochs', everyEpochs, 0, 1e6, false) };
}

/** From `from` to `to` (default 0) along half a cosine over the run (Loshchilov & Hutter 2017), after rising linearly to `from` for `warmUpEpochs` (default 0). */
export function cosine(options: { from: number; to?: number; warmUpEpochs?: number }): CosineSchedule {
  knownOptions('cosine', options, { from: true, to: true, warmUpEpochs: true });
  const { from, to = 0, warmUpEpochs = 0 } = options;
  return { kind: 'cosine', from: inRange('cosine', 'from', from, 0, LARGEST, false), to: inRange('cosine', 'to', to, 0, from, true), warmUpEpochs: inRange('cosine', 'warmUpEpochs', warmUpEpochs, 0, 1e6, true) };
}

/**
 * `from`, multiplied by `factor` (default 0.1) each time the loss over the whole held-out set was no lower than its best, by more than `threshold` nats (default 0),
 * for more than `patience` epochs (default 10); never below `to` (default 0).
 */
export function reduceOnPlateau(options: { from: number; factor?: number; patience?: number; to?: number; threshold?: number }): PlateauSchedule {
  knownOptions('reduceOnPlateau', options, { from: true, factor: true, patience: true, to: true, threshold: true });
  const { from, factor = 0.1, patience = 10, to = 0, threshold = 0 } = options;
  return {
    kind: 'reduceOnPlateau', from: inRange('reduceOnPlateau', 'from', from, 0, LARGEST, false), factor: inRange('reduceOnPlateau', 'factor', factor, 0, 1, false), patience: inRange('reduceOnPlateau', 'patience', patience, 0, 1e6, true),
    to: inRange('reduceOnPlateau', 'to', to, 0, from, true), threshold: inRange('reduceOnPlateau', 'threshold', threshold, 0, 1e6, true),
  };
}

/** From `from` (default 0) to `to` in equal steps over the first `epochs` epochs, and `to` from then on: KL warm-up (Bowman et al. 2016; Sønderby et al. 2016). */
export function linear(options: { from?: number; to: number; epochs: number }): LinearSchedule {
  knownOptions('linear', options, { from: true, to: true, epochs: true });
  const { from = 0, to, epochs } = options;
  return { kind: 'linear', from: inRange('linear', 'from', from, 0, LARGEST, true), to: inRange('linear', 'to', to, 0, LARGEST, true), epochs: inRange('linear', 'epochs', epochs, 0, 1e6, false) };
}

/** `cycles` times (default 4) over the run from `from` (default 0) to `to` (default 1): rising for the part `rising` (default 0.5) of each cycle, then staying (Fu et al. 2019). */
export function cyclic(options: { from?: number; to?: number; cycles?: number; rising?: number } = {}): CyclicSchedule {
  knownOptions('cyclic', options, { from: true, to: true, cycles: true, rising: true });
  const { from = 0, to = 1, cycles = 4, rising = 0.5 } = options;
  return {
    kind: 'cyclic', from: inRange('cyclic', 'from', from, 0, LARGEST, true), to: inRange('cyclic', 'to', to, 0, LARGEST, true),
    cycles: inRange('cyclic', 'cycles', cycles, 0, 1e6, false), rising: inRange('cyclic', 'rising', rising, 0, 1, false),
  };
}

/** The value for the update after `step` updates; `plateau` is the state of a schedule that has one. */
export function scheduledValue(schedule: Schedule, { step, totalSteps, stepsPerEpoch }: SchedulePosition, plateau?: PlateauState): number {
  switch (schedule.kind) {
    case 'stepDecay': return schedule.from * schedule.factor ** Math.floor(step / Math.max(1, Math.round(schedule.everyEpochs * stepsPerEpoch)));
    case 'cosine': {
      const { from, to } = schedule;
      const warmUp = Math.round(schedule.warmUpEpochs * stepsPerEpoch);
      if (step < warmUp) return from * (step + 1) / warmUp;
      const done = Math.min(1, (step - warmUp) / Math.max(1, totalSteps - warmUp));
      return to + (from - to) * (1 + Math.cos(Math.PI * done)) / 2;
    }
    case 'reduceOnPlateau': return plateau?.value ?? schedule.from;
    case 'linear': return between(schedule, step / Math.max(1, Math.round(schedule.epochs * stepsPerEpoch)));
    case 'cyclic': {
      const length = Math.max(1, totalSteps / schedule.cycles);
      return between(schedule, (step % length) / length / schedule.rising);
    }
  }
}

const between = ({ from, to }: { readonly from: number; readonly to: number }, done: number): number => from + (to - from) * Math.min(1, done);

/** The lowest and the highest value that a schedule may take. */
export function extentOf(schedule: Schedule): readonly [number, number] {
  if (schedule.kind === 'stepDecay') return [0, schedule.from];
  const { from, to } = schedule;
  return [Math.min(from, to), Math.max(from, to)];
}

/** After an epoch whose held-out loss was `loss`. */
export function afterEpoch({ from, factor, patience, to, threshold }: PlateauSchedule, state: PlateauState | undefined, loss: number): PlateauState {
  const { value, best, waited } = state ?? { value: from, best: null, waited: 0 };
  if (best === null || loss < best - threshold) return { value, best: loss, waited: 0 };
  return waited + 1 > patience ? { value: Math.max(to, value * factor), best, waited: 0 } : { value, best, waited: waited + 1 };
}

/** Whether a value is a schedule made by this library. */
export const isSchedule = (value: unknown): value is Schedule => typeof value === 'object' && value !== null && 'kind' in value && Object.hasOwn(scheduleKinds, String(value.kind));
