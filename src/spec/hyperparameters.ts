/** Hyperparameters that may change while a run trains: inputs of the step, never baked into it. */
export interface HyperparameterRange {
  readonly min: number;
  readonly max: number;
  /** Whether `min` itself is allowed. */
  readonly minInclusive: boolean;
}
export const liveHyperparameters = {
  learningRate: { min: 0, max: 10, minInclusive: false },
  beta: { min: 0, max: 1000, minInclusive: true },
} as const satisfies Record<string, HyperparameterRange>;
export type LiveHyperparameter = keyof typeof liveHyperparameters;
export type HyperparameterValues = Record<LiveHyperparameter, number>;
export const isLiveHyperparameter = (name: string): name is LiveHyperparameter => Object.hasOwn(liveHyperparameters, name);

/** A sentence saying what is wrong with a value, or undefined when it is fine. */
export function checkHyperparameter(name: string, value: number): string | undefined {
  if (!isLiveHyperparameter(name)) return `There is no hyperparameter "${name}". Known: ${Object.keys(liveHyperparameters).join(', ')}.`;
  const range: HyperparameterRange = liveHyperparameters[name];
  const low = range.minInclusive ? value >= range.min : value > range.min;
  if (Number.isFinite(value) && low && value <= range.max) return undefined;
  return `${name} must be a number ${range.minInclusive ? 'of at least' : 'above'} ${range.min} and at most ${range.max}; got ${value}.`;
}
