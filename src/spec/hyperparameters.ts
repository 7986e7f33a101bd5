/** What a hyperparameter that may change while a run trains may be set to: an input of the step, never baked into it. */
export interface HyperparameterSpec {
  readonly min: number;
  readonly max: number;
  /** Whether `min` itself is allowed. */
  readonly minInclusive: boolean;
  /** How values are spread over a slider. */
  readonly scale: 'linear' | 'log';
}
export type HyperparameterSpecs = Readonly<Record<string, HyperparameterSpec>>;
/** The optimizer's learning rate, and whatever the model's objective, likelihood and prior declare. */
export interface HyperparameterValues { readonly learningRate: number; readonly [name: string]: number }

export const learningRateSpec: HyperparameterSpec = { min: 0, max: 10, minInclusive: false, scale: 'log' };
/** What runs had before their manifests said so. */
export const classicSpecs: HyperparameterSpecs = { learningRate: learningRateSpec, beta: { min: 0, max: 1000, minInclusive: true, scale: 'linear' } };

/** A sentence saying what is wrong with a value, or undefined when it is fine. */
export function checkHyperparameter(specs: HyperparameterSpecs, name: string, value: number): string | undefined {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (!spec) return `There is no hyperparameter "${name}". Known: ${Object.keys(specs).join(', ')}.`;
  const low = spec.minInclusive ? value >= spec.min : value > spec.min;
  if (Number.isFinite(value) && low && value <= spec.max) return undefined;
  if (!Number.isFinite(value)) return `${name} must be a number ${spec.minInclusive ? 'of at least' : 'above'} ${spec.min} and at most ${spec.max}, written as 0.5 or 5e-4.`;
  return `${name} must be a number ${spec.minInclusive ? 'of at least' : 'above'} ${spec.min} and at most ${spec.max}; got ${value}.`;
}
