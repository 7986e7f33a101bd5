import * as tf from '@tensorflow/tfjs';
import type { DType } from './compiled/graph';

/** A TensorFlow.js kernel's attributes, read with a check of what they are. */
export type Attributes = Readonly<Record<string, unknown>>;

/** For what TensorFlow.js never passes, as far as is known. */
export const malformed = (what: string): TypeError => new TypeError(what);

const wrong = (name: string, value: unknown, what: string): TypeError => malformed(`attribute "${name}" is ${JSON.stringify(value)}, not ${what}`);
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((x: unknown) => typeof x === 'number');

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
/** The axes of a reduction, counted from the start; none given means all. */
export function axesOf(attributes: Attributes, name: string, rank: number): number[] {
  const given = attributes[name];
  if (given === undefined || given === null) return Array.from({ length: rank }, (_, i) => i);
  return tf.util.parseAxisParam(numberOrNumbersOf(attributes, name), Array<number>(rank).fill(1));
}
/** An axis counted from the end becomes one counted from the start. */
export const fromStart = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
/** The labels of 'ij,jk->ik': those of each factor, and of the result. */
export function labelsOf(equation: unknown): { factors: string[]; result: string } {
  const [left, result] = String(equation).replace(/\s/g, '').split('->');
  if (left === undefined || result === undefined) throw malformed(`"${String(equation)}" is not an equation with ->`);
  return { factors: left.split(','), result };
}
