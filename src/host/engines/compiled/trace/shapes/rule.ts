import type { DType } from '../../graph';

/** A tensor as a shape rule sees it. */
export interface Spec { readonly shape: readonly number[]; readonly dtype: DType }
export type Inputs = Readonly<Record<string, Spec | undefined>>;
export type Attributes = Readonly<Record<string, unknown>>;

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
  if (!input) throw new TypeError(`input "${name}" is missing`);
  return input;
}
/** The inputs of a kernel that takes a list, in order. */
export const list = (inputs: Inputs): readonly Spec[] => Object.values(inputs).filter((input) => input !== undefined);

const wrong = (name: string, value: unknown, what: string): TypeError => new TypeError(`attribute "${name}" is ${JSON.stringify(value)}, not ${what}`);
const isNumbers = (value: unknown): value is number[] => (Array.isArray(value) || ArrayBuffer.isView(value)) && Array.from(value as unknown as Iterable<unknown>).every((x) => typeof x === 'number');

export function numberOf(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== 'number') throw wrong(name, value, 'a number');
  return value;
}
export function numbersOf(attributes: Attributes, name: string): number[] {
  const value = attributes[name];
  if (!isNumbers(value)) throw wrong(name, value, 'a list of numbers');
  return [...value];
}
/** A number for one or for all dimensions. */
export function numberOrNumbersOf(attributes: Attributes, name: string): number | number[] {
  return typeof attributes[name] === 'number' ? numberOf(attributes, name) : numbersOf(attributes, name);
}
export function pairsOf(attributes: Attributes, name: string): [number, number][] {
  const value = attributes[name];
  if (!Array.isArray(value)) throw wrong(name, value, 'a list of pairs');
  return value.map((pair: unknown) => {
    if (!isNumbers(pair) || pair[0] === undefined || pair[1] === undefined) throw wrong(name, value, 'a list of pairs');
    return [pair[0], pair[1]];
  });
}
export const flagOf = (attributes: Attributes, name: string): boolean => attributes[name] === true;

export function dtypeOf(attributes: Attributes, name: string): DType {
  const value = attributes[name];
  if (value !== 'float32' && value !== 'int32' && value !== 'bool') throw wrong(name, value, 'float32, int32 or bool');
  return value;
}
/** What sums of this type are counted in. */
export const counted = (dtype: DType): DType => (dtype === 'float32' ? 'float32' : 'int32');
export const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** Shape with one dimension changed. */
export const withDimension = (shape: readonly number[], axis: number, size: number): number[] => shape.map((d, i) => (i === axis ? size : d));
/** An axis counted from the end becomes one counted from the start. */
export const fromStart = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
