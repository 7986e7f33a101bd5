import * as tf from '@tensorflow/tfjs';
import { NotCompilableError, type DType, type NamedValue, type Value } from '../graph';
import { isMissingKernel, kernelNamedBy } from '../../network';
import { personsLine } from './madeAt';
import type { Drawn } from './noise';
import { Recording, type Data, type Held, type RecordedCall } from './recording';
import { inSandbox } from './sandbox';

export interface TraceOptions {
  /** What the step is given anew each time. Default type float32. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype?: DType }[];
  /** All variables that the step may use, under the names they get in the graph, beside the inputs'. */
  readonly variables: readonly { readonly name: string; readonly variable: tf.Variable }[];
  /** One training step, gradients included, without reading anything: its results are named tensors. */
  readonly step: (inputs: Record<string, tf.Tensor>) => Readonly<Record<string, tf.Tensor>>;
}

/** One run of a step, what its outputs do not need left out. */
export interface Run {
  readonly inputs: readonly NamedValue[];
  readonly variables: readonly NamedValue[];
  readonly drawn: readonly Drawn[];
  readonly calls: readonly RecordedCall[];
  readonly constants: ReadonlyMap<Value, Data>;
  readonly outputs: readonly NamedValue[];
  readonly assigned: readonly string[];
}

const isThenable = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** @throws NotCompilableError, or what the step itself throws. */
export function runOnce({ inputs, variables, step }: TraceOptions, round: number): Run {
  const names = [...inputs, ...variables].map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Error(`Two inputs of the training step have one name: ${names.join(', ')}.`);
  const recording = new Recording(round);
  const named = new Map(variables.map(({ name, variable }) => [variable, { name, value: recording.value(variable.shape, knownType(variable)) }]));
  const held = (variable: tf.Variable): Held => named.get(variable) ?? { unlisted: variable.name };
  const inputValues = inputs.map(({ name, shape, dtype = 'float32' }) => ({ name, value: recording.value(shape, dtype) }));
  try {
    return inSandbox(recording, held, () => {
      const given = Object.fromEntries(inputValues.map(({ name, value }) => [name, tf.engine().makeTensorFromTensorInfo({ dataId: recording.hold({ value }), shape: [...value.shape], dtype: value.dtype })]));
      const results: unknown = step(given);
      if (isThenable(results)) {
        void Promise.resolve(results).catch(() => undefined); // what is left of it fails on freed tensors
        if (recording.refusal) throw recording.refusal;
        throw new NotCompilableError('The training step is asynchronous: it must give its tensors at once, without await.');
      }
      if (recording.refusal) throw recording.refusal;
      const outputs = tensorsOf(results).map(([name, tensor]) => ({ name, value: recording.look(tensor).value }));
      const assigned: string[] = [];
      for (const [variable, { name, value }] of named) {
        const now = recording.look(variable).value;
        if (now === value) continue;
        assigned.push(name);
        outputs.push({ name: `assign:${name}`, value: now });
      }
      return pruned(recording, inputValues, [...named.values()], outputs, assigned);
    });
  } catch (error) {
    if (error instanceof NotCompilableError) throw error;
    if (recording.refusal) throw recording.refusal;
    if (isMissingKernel(error)) throw new NotCompilableError(`TensorFlow.js's operation "${kernelNamedBy(error) ?? ''}" cannot be compiled.`, error instanceof Error ? personsLine(error.stack) : undefined);
    throw error;
  }
}

function tensorsOf(results: unknown): [string, tf.Tensor][] {
  if (typeof results !== 'object' || results === null) throw new TypeError('The training step must give named tensors.');
  return Object.entries(results).map(([name, tensor]: [string, unknown]) => {
    if (!(tensor instanceof tf.Tensor)) throw new TypeError(`What the training step gives as "${name}" is not a tensor.`);
    return [name, tensor];
  });
}
function knownType({ dtype, name, isDisposed }: tf.Variable): DType {
  if (isDisposed) throw new Error(`Variable "${name}" is disposed.`);
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new NotCompilableError(`Variable "${name}" of type ${dtype} cannot be compiled.`);
}

function pruned(recording: Recording, inputs: readonly NamedValue[], variables: readonly NamedValue[], outputs: readonly NamedValue[], assigned: readonly string[]): Run {
  const needed = new Set(outputs.map(({ value }) => value));
  const calls = [...recording.calls].reverse().filter((call) => {
    if (!call.outputs.some((value) => needed.has(value))) return false;
    for (const value of call.inputs) needed.add(value);
    return true;
  }).reverse();
  const drawn = recording.noise.drawn.filter(({ value }) => needed.has(value));
  const constants = new Map([...recording.constants].filter(([value]) => needed.has(value)));
  return { inputs, variables, drawn, calls, constants, outputs, assigned };
}
