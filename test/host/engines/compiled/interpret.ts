import * as tf from '@tensorflow/tfjs';
import type { Graph, Value } from '../../../../src/host/engines/compiled/graph';

export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** Runs a graph with TensorFlow.js's real kernels on the current backend: values in and out by name, row-major. */
export function interpret(graph: Graph, given: Values): Record<string, number[]> {
  return tf.tidy(() => {
    const known = new Map<number, tf.Tensor>();
    const tensor = (value: Value, data: ArrayLike<number>): tf.Tensor => {
      if (data.length !== value.shape.reduce((a, b) => a * b, 1)) throw new Error(`${data.length} numbers for shape [${value.shape.join()}]`);
      return tf.tensor(Array.from(data), [...value.shape], value.dtype);
    };
    const get = ({ id }: Value): tf.Tensor => {
      const found = known.get(id);
      if (!found) throw new Error(`value ${id} is used before it is made`);
      return found;
    };
    for (const { name, value } of graph.inputs) {
      const data = given[name];
      if (!data) throw new Error(`nothing was given for input ${name}`);
      known.set(value.id, tensor(value, data));
    }
    for (const { value, data } of graph.constants) known.set(value.id, tensor(value, data));
    for (const { kernel, inputs, inputNames, attributes, outputs } of graph.calls) {
      const isList = inputNames[0] === '0';
      const entries = inputs.map((value, i) => [inputNames[i] ?? '', get(value)] as const);
      const named = (isList ? entries.map(([, x]) => x) : Object.fromEntries(entries)) as tf.NamedTensorMap;
      const result = tf.engine().runKernel(kernel, named, attributes as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];
      const made = Array.isArray(result) ? result : [result];
      outputs.forEach((value, i) => {
        const x = made[i];
        if (x?.shape.join() !== value.shape.join() || x.dtype !== value.dtype) {
          throw new Error(`${kernel} was recorded as ${value.dtype} [${value.shape.join()}], and gives ${x?.dtype ?? 'nothing'} [${x?.shape.join() ?? ''}]`);
        }
        known.set(value.id, x);
      });
    }
    return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, Array.from(get(value).dataSync())]));
  });
}
