import * as tf from '@tensorflow/tfjs';
import { NotCompilableError, type DType } from '../graph';
import { personsLineNow } from './madeAt';
import { dataOf, dtypeOf, type Data } from './recording';

export interface Known { readonly shape: readonly number[]; readonly dtype: DType; readonly data: Data }

/** Runs a kernel on constants, with TensorFlow.js's cpu backend. @throws NotCompilableError where that has no such kernel. */
export function fold(kernel: string, inputs: readonly Known[] | Readonly<Record<string, Known>>, attrs: tf.NamedAttrMap | undefined): { readonly outputs: readonly Known[]; readonly isList: boolean } {
  const cpu = tf.findBackend('cpu');
  const registered = tf.getKernel(kernel, 'cpu');
  if (!registered) throw new NotCompilableError(`TensorFlow.js's operation "${kernel}" cannot be compiled.`, personsLineNow());
  const written: tf.TensorInfo[] = [];
  const write = ({ shape, dtype, data }: Known): tf.TensorInfo => {
    const tensor = { dataId: cpu.write(data, [...shape], dtype), shape: [...shape], dtype };
    written.push(tensor);
    return tensor;
  };
  // A kernel of a list takes an array where the type says a record.
  const given = (Array.isArray(inputs) ? inputs.map(write) : Object.fromEntries(Object.entries(inputs).map(([name, known]) => [name, write(known)]))) as tf.NamedTensorInfoMap;
  const tensors: tf.TensorInfo[] = [];
  try {
    const result = registered.kernelFunc({ inputs: given, attrs, backend: cpu });
    tensors.push(...[result].flat());
    return { outputs: tensors.map((tensor) => known(cpu, tensor)), isList: Array.isArray(result) };
  } finally {
    for (const { dataId } of [...written, ...tensors]) cpu.disposeData(dataId);
  }
}

function known(backend: tf.KernelBackend, { dataId, shape, dtype }: tf.TensorInfo): Known {
  const type = dtypeOf(dtype);
  return { shape, dtype: type, data: dataOf(backend.readSync(dataId), type) };
}
