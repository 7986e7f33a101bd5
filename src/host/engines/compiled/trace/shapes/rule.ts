import type { DType } from '../../graph';
import { malformed, type Attributes } from '../../../kernelAttributes';

export * from '../../../kernelAttributes';

/** A tensor as a shape rule sees it. */
export interface Spec { readonly shape: readonly number[]; readonly dtype: DType }
export type Inputs = Readonly<Record<string, Spec | undefined>>;

/**
 * What a kernel gives for what it takes, without values. A list only where TensorFlow.js's own kernel returns one: its gradients tell
 * one tensor from a list of one.
 * @throws TypeError for an attribute that is not what TensorFlow.js passes.
 */
export type ShapeRule = (inputs: Inputs, attributes: Attributes) => Spec | readonly Spec[];
export type ShapeRules = Readonly<Record<string, ShapeRule>>;

/** Builds one entry a kernel, all with the same rule. */
export const all = (rule: ShapeRule, kernels: readonly string[]): ShapeRules => Object.fromEntries(kernels.map((kernel) => [kernel, rule]));

export function need(inputs: Inputs, name: string): Spec {
  const input = inputs[name];
  if (!input) throw malformed(`input "${name}" is missing`);
  return input;
}
/** The inputs of a kernel that takes a list, in order. */
export const list = (inputs: Inputs): readonly Spec[] => Object.values(inputs).filter((input) => input !== undefined);

/** What sums of this type are counted in. */
export const counted = (dtype: DType): DType => (dtype === 'float32' ? 'float32' : 'int32');
/** Shape with one dimension changed. */
export const withDimension = (shape: readonly number[], axis: number, size: number): number[] => shape.map((d, i) => (i === axis ? size : d));
