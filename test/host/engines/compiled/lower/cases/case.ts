import type * as tf from '@tensorflow/tfjs';
import type { Target } from '../../../../../../src/host/engines/compiled/targets';

/** One row of the operator matrix. */
export interface Case {
  readonly name: string;
  /** Shapes of the float inputs, which are drawn evenly from `between`. */
  readonly shapes: readonly (readonly number[])[];
  readonly between: readonly [number, number];
  readonly of: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Where the true gradient comes from: TensorFlow.js's cpu kernels, finite differences where those are wrong, or nowhere. */
  readonly gradient: 'tfjs' | 'differences' | 'none';
  /** Where only one target has the kernels. */
  readonly only?: Target;
  /** Of the largest magnitude. */
  readonly tolerance: number;
}

export type Changes = Partial<Omit<Case, 'name' | 'shapes' | 'of'>>;
/** A case with values in [-2, 2], TensorFlow.js's gradient, and 2e-6 of room unless said otherwise. */
export const of = (name: string, shapes: Case['shapes'], work: Case['of'], changes: Changes = {}): Case => ({ name, shapes, of: work, between: [-2, 2], gradient: 'tfjs', tolerance: 2e-6, ...changes });
export const withoutGradient: Changes = { gradient: 'none' };
