import * as ort from 'onnxruntime-node';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { expect } from 'vitest';
import { inspectTensorflow } from '../../../../../src/components/tensorflow';
import { lower, type LoweringOptions } from '../../../../../src/host/engines/compiled/lower/index';
import { loadBinding } from '../../../../../src/host/engines/tensorflow/binding';
import { TfGraph, type TfEdge } from '../../../../../src/host/engines/tensorflow/graph/builder';
import { lowerInto } from '../../../../../src/host/engines/tensorflow/graph/lower';
import { TfSession, type Handle } from '../../../../../src/host/engines/tensorflow/graph/session';
import type { Recording, Values } from './recorder';

/** What the lowered graph gives for the recorded inputs. */
export async function run({ graph, feeds }: Recording, options?: LoweringOptions): Promise<Map<string, Values>> {
  const { model, inputs, outputs } = lower(graph, options);
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, extra: { session: { strict_shape_type_inference: '1' } } });
  try {
    const given: Record<string, ort.Tensor> = {};
    for (const name of inputs) {
      const tensor = feeds.get(name);
      if (!tensor) throw new Error(`${name} is not an input.`);
      const { dtype } = tensor;
      if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw new TypeError(dtype);
      given[name] = new ort.Tensor(dtype, tensor.dataSync<'float32'>().slice(), tensor.shape);
    }
    const results = await session.run(given, outputs);
    return new Map(outputs.map((name) => [name, results[name]?.data as Values]));
  } finally {
    await session.release();
  }
}

export type Runner = (recording: Recording) => Promise<Map<string, Values>>;
let binding: TFJSBinding | undefined;
/** What the recorded graph gives as a TensorFlow graph. */
export async function runOnTensorflow({ graph, feeds }: Recording): Promise<Map<string, Values>> {
  if (!binding) {
    const component = await inspectTensorflow();
    if (component.kind !== 'installed') throw new Error(`TensorFlow is ${component.kind}.`);
    binding = loadBinding(component.binding);
  }
  const g = new TfGraph();
  const given = new Map<string, TfEdge>();
  const outputs = lowerInto(g, graph, (name) => {
    const { dtype, shape } = graph.inputs.find((input) => input.name === name)?.value ?? { dtype: 'float32', shape: [] };
    const edge = g.input(dtype, shape);
    given.set(name, edge);
    return edge;
  });
  const wanted = [...outputs].map(([name, edge]) => ({ name, edge: g.node('Identity', [edge], edge.type, edge.shape, { T: { type: edge.type } }) }));
  const session = new TfSession(binding, g);
  const held = [...given].map(([name, edge]): [TfEdge, Handle] => [edge, session.hold({ shape: edge.shape, data: feeds.get(name)?.dataSync<'float32'>() ?? new Float32Array(0) })]);
  const made = session.run(held, wanted.map(({ edge }) => edge));
  const values = new Map(wanted.map(({ name }, i) => [name, session.values(made[i] ?? NaN)]));
  session.release([...made, ...held.map(([, handle]) => handle)]);
  session.dispose();
  return values;
}

/** The largest difference, over the largest magnitude of what is expected (at least 1e-3). Two infinities or two NaNs do not differ. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length);
  let [worst, scale] = [0, 1e-3];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [Number(actual[i]), Number(expected[i])];
    if (Object.is(a, e) || a === e) continue;
    const apart = Math.abs(a - e);
    worst = Math.max(worst, Number.isNaN(apart) ? Infinity : apart);
  }
  for (let i = 0; i < expected.length; i++) if (Number.isFinite(Number(expected[i]))) scale = Math.max(scale, Math.abs(Number(expected[i])));
  return worst / scale;
}
