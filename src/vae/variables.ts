/** A weight that an objective, likelihood or prior has of its own. */
export interface VariableSpec {
  readonly shape: readonly number[];
  /** What it starts with: one number for all, or draws of a standard normal under the run's seed. */
  readonly initial: number | 'normal';
  /** The standard deviation of such draws; default 1. */
  readonly scale?: number;
  /** False for one that the step assigns itself, such as an average; default true. */
  readonly trainable?: boolean;
}
export type VariableSpecs = Readonly<Record<string, VariableSpec>>;
/** What their shapes may depend on. */
export interface ModelSizes { readonly latentDim: number; /** Values of one example. */ readonly pixels: number }
