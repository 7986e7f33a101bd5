import * as tf from '@tensorflow/tfjs';
import { Random } from '../../../../../src/host/training/index';
import type { TraceOptions } from '../../../../../src/host/engines/compiled/trace/index';

/** Values of an input: `integer` counts from 0 below its number. */
export type Range = 'any' | 'positive' | 'unit' | 'aboveOne' | 'bool' | { readonly integer: number };
export interface InputCase { readonly shape: readonly number[]; readonly range: Range }
/** Something to trace: an operation of tensors, or a layer built for its input. */
export interface Case {
  readonly name: string;
  readonly inputs: readonly InputCase[];
  /** False where TensorFlow.js has no gradient, or the result is not float. */
  readonly gradient: boolean;
  /** Makes the layers, and gives the function of the inputs. */
  readonly build: () => { readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[]; readonly layers?: readonly tf.layers.Layer[] };
}
export interface Prepared extends TraceOptions {
  /** Values of the inputs and of the variables, by the names of the options. */
  readonly values: Record<string, number[]>;
  /** The step on the current backend. */
  readonly eager: () => Record<string, number[]>;
  readonly dispose: () => void;
}

const dtypeOf = (range: Range): 'float32' | 'int32' | 'bool' => (range === 'bool' ? 'bool' : typeof range === 'object' ? 'int32' : 'float32');
function draw(range: Range, random: Random): number {
  const u = random.uniform();
  if (typeof range === 'object') return Math.floor(u * range.integer);
  return { any: 4 * u - 2, positive: 0.2 + 2 * u, unit: 1.8 * u - 0.9, aboveOne: 1.1 + u, bool: u < 0.5 ? 0 : 1 }[range];
}
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A step that gives what the case gives and, where there are gradients, those of a sum of it with uneven weights, by every float input and weight. */
export function prepare(of: Case): Prepared {
  const random = new Random(11);
  const inputs = of.inputs.map(({ shape, range }, i) => ({ name: `x${i}`, shape, dtype: dtypeOf(range), range }));
  const values: Record<string, number[]> = Object.fromEntries(inputs.map(({ name, shape, range }) => [name, Array.from({ length: size(shape) }, () => draw(range, random))]));
  const { run, layers = [] } = of.build();
  const make = (): Record<string, tf.Tensor> => Object.fromEntries(inputs.map(({ name, shape, dtype }) => [name, tf.tensor(values[name] ?? [], [...shape], dtype)]));
  tf.tidy(() => { if (layers.length > 0) run(...Object.values(make())); }); // layers make their weights when they are first applied
  const variables = layers.flatMap((layer, i) => layer.weights.map((weight, k) => ({ name: `w${i}.${k}`, variable: weight.read() as tf.Variable })));
  for (const { name, variable } of variables) {
    tf.tidy(() => variable.assign(tf.tensor(Array.from({ length: variable.size }, () => draw('positive', random) - (name.length % 2 ? 0 : 1)), variable.shape)));
    values[name] = Array.from(variable.dataSync());
  }
  const step = (tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
    const given = inputs.map(({ name }) => tensors[name] as tf.Tensor);
    if (!of.gradient) return named([run(...given)].flat());
    let results: tf.Tensor[] = [];
    const sources = [...given.filter(({ dtype }) => dtype === 'float32'), ...variables.map(({ variable }) => variable).filter(({ trainable }) => trainable)];
    const { value, grads } = tf.engine().gradients(() => {
      results = [run(...given)].flat().map((y) => tf.keep(tf.clone(y)));
      return tf.addN(results.filter(({ dtype }) => dtype === 'float32').map((y) => tf.sum(tf.mul(y, uneven(y.shape)))));
    }, sources, undefined, true);
    for (const y of results) y.kept = false;
    const outputs = { ...named(results.map((y) => tf.clone(y))), loss: value };
    for (const y of results) y.dispose();
    return { ...outputs, ...Object.fromEntries(grads.flatMap((g: tf.Tensor | undefined, i) => (g ? [[`gradient${i}`, g]] : []))) };
  };
  const eager = (): Record<string, number[]> => tf.tidy(() => Object.fromEntries(Object.entries(step(make())).map(([name, tensor]) => [name, Array.from(tensor.dataSync())])));
  return { inputs, variables, step, values, eager, dispose: () => { for (const { variable } of variables) variable.dispose(); } };
}
const named = (tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> => Object.fromEntries(tensors.map((tensor, i) => [`y${i}`, tensor]));
const uneven = (shape: number[]): tf.Tensor => tf.tensor(Float32Array.from({ length: size(shape) }, (_, i) => Math.sin(1 + 0.7 * i)), shape);
