import * as tf from '@tensorflow/tfjs';
import type { Constant, DType, Graph, KernelCall, NamedValue, Value } from '../../../../../src/host/engines/compiled/graph';

export type Values = Float32Array | Int32Array | Uint8Array;
export interface Recording { readonly graph: Graph; readonly feeds: ReadonlyMap<string, tf.Tensor>; readonly expected: ReadonlyMap<string, { readonly shape: number[]; readonly data: Values }> }

/**
 * Runs `work` on the current backend and records every kernel call, gradients included: a real graph with its true values.
 * `inputs` (variables among them) become the graph's inputs, all else that is not computed its constants.
 */
export function record(inputs: Readonly<Record<string, tf.Tensor>>, work: () => Readonly<Record<string, tf.Tensor>>): Recording {
  const values = new Map<number, Value>();
  const outside: Constant[] = [];
  const calls: (KernelCall | undefined)[] = [];
  const valueOf = (tensor: tf.Tensor): Value => {
    const known = values.get(tensor.id);
    if (known) return known;
    const value = { id: tensor.id, shape: [...tensor.shape], dtype: dtypeOf(tensor) };
    values.set(tensor.id, value);
    return value;
  };
  const useOf = (tensor: tf.Tensor): Value => {
    if (!values.has(tensor.id)) outside.push({ value: valueOf(tensor), data: tensor.dataSync<DType>().slice() });
    return valueOf(tensor);
  };
  const named: NamedValue[] = Object.entries(inputs).map(([name, tensor]) => ({ name, value: valueOf(tensor) }));
  const engine = tf.engine();
  const original = engine.runKernel;
  engine.runKernel = function runKernel<T extends tf.Tensor | tf.Tensor[]>(this: typeof engine, kernel: string, given: tf.NamedTensorMap, attributes?: tf.NamedAttrMap): T {
    const place = calls.push(undefined) - 1; // a kernel's output is saved for its gradient, by another kernel, before the call returns
    const result = original.call(this, kernel, given, attributes) as T;
    const entries = Object.entries(given).filter((entry): entry is [string, tf.Tensor] => entry[1] instanceof tf.Tensor);
    calls[place] = { kernel, inputs: entries.map(([, tensor]) => useOf(tensor)), inputNames: entries.map(([name]) => name), attributes: { ...attributes }, outputs: [result].flat().map((tensor) => valueOf(tensor as tf.Tensor)) };
    return result;
  } as typeof engine.runKernel;
  try {
    const expected = new Map<string, { shape: number[]; data: Values }>();
    const outputs: NamedValue[] = [];
    tf.tidy(() => {
      for (const [name, tensor] of Object.entries(work())) {
        outputs.push({ name, value: useOf(tensor) });
        expected.set(name, { shape: [...tensor.shape], data: tensor.dataSync<DType>().slice() });
      }
    });
    const made = calls.filter((call) => call !== undefined);
    const computed = new Set(made.flatMap((call) => call.outputs.map(({ id }) => id)));
    const constants = outside.filter(({ value }) => !computed.has(value.id));
    return { graph: { inputs: named, constants, calls: made, outputs }, feeds: new Map(Object.entries(inputs)), expected };
  } finally {
    engine.runKernel = original;
  }
}

function dtypeOf({ dtype }: tf.Tensor): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TypeError(`A tensor of ${dtype} cannot be recorded.`);
}
