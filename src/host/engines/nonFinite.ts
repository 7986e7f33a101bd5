import * as tf from '@tensorflow/tfjs';
import { Place, STACK_FRAMES } from './compiled/trace/madeAt';
import type { NonFinite } from './engine';
import type { NamedVariable } from './network';

interface Call { readonly operation: string; readonly inputs: readonly number[]; readonly isFinite: boolean; readonly place: Place }

const tensorsIn = (given: object): tf.Tensor[] => Object.values(given).flat().filter((value): value is tf.Tensor => value instanceof tf.Tensor);
/** Reads the values. */
const isFinite = (tensor: tf.Tensor): boolean => tensor.dtype !== 'float32' || tensor.dataSync<'float32'>().every(Number.isFinite);

/**
 * Where the loss stopped being finite: a weight that is not, else the operation whose inputs all are and on whose result, through others that are not, the loss depends. An
 * infinity that a later operation leaves out is no culprit. Computes `loss` on the current backend and reads every result: slow.
 */
export function firstNonFinite(weights: readonly NamedVariable[], loss: () => tf.Tensor): NonFinite | undefined {
  const weight = weights.find(({ variable }) => !isFinite(variable));
  if (weight) return { weight: weight.name };
  const madeBy = new Map<number, Call>();
  const engine = tf.engine();
  const original = engine.runKernel.bind(engine);
  const frames = Error.stackTraceLimit;
  let result: number | undefined;
  Error.stackTraceLimit = STACK_FRAMES;
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(operation: string, inputs: tf.NamedTensorMap, attributes?: tf.NamedAttrMap): T => {
    const place = new Place();
    const outputs = original<T>(operation, inputs, attributes);
    const results = [outputs].flat();
    const call = { operation, inputs: tensorsIn(inputs).map(({ id }) => id), isFinite: results.every(isFinite), place };
    for (const { id } of results) madeBy.set(id, call);
    return outputs;
  };
  try {
    tf.tidy(() => { result = loss().id; });
  } finally {
    Reflect.deleteProperty(engine, 'runKernel');
    Error.stackTraceLimit = frames;
  }
  let culprit: Call | undefined;
  for (let call = result === undefined ? undefined : madeBy.get(result); call && !call.isFinite; call = call.inputs.map((id) => madeBy.get(id)).find((earlier) => earlier?.isFinite === false)) culprit = call;
  if (!culprit) return undefined;
  const { operation, place: { line } } = culprit;
  return { operation, ...(line === undefined ? {} : { madeAt: line }) };
}
