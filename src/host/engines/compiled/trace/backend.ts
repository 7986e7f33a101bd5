import * as tf from '@tensorflow/tfjs';
import { withDefaults } from '../../gradients/batchNorm';
import { NotCompilableError, type Value } from '../graph';
import { fold } from './fold';
import { personsLineNow, Place } from './madeAt';
import { dataOf, dtypeOf, type Data, type RecordedCall, type Recording } from './recording';
import { shapeRules, type Spec } from './shapes/index';

export const TRACE_BACKEND = 'vae-lab-trace';
type KernelInputs = Parameters<tf.KernelFunc>[0]['inputs'];
type KernelAttributes = Parameters<tf.KernelFunc>[0]['attrs'];

/** A TensorFlow.js backend whose tensors have no values: kernels are written down, not run, except those on constants. */
export class TraceBackend extends tf.KernelBackend {
  #recording: Recording | undefined;

  get recording(): Recording {
    if (!this.#recording) throw new Error('Nothing is being traced.');
    return this.#recording;
  }
  set recording(recording: Recording | undefined) { this.#recording = recording; }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const known = this.recording.guard(() => dtypeOf(dtype));
    const data = dataOf(values, known);
    return this.recording.hold(this.recording.noise.claim(data, shape, dtype) ?? this.recording.constant(data, shape, known));
  }
  override readSync(dataId: object): tf.BackendValues { return this.recording.read(dataId); }
  /** Never settles once refused: nobody may wait on it, and a rejection that nobody awaits would end the process. */
  override read(dataId: object): Promise<tf.BackendValues> {
    try {
      return Promise.resolve(this.recording.read(dataId));
    } catch {
      return new Promise(() => undefined);
    }
  }
  override incRef(dataId: object): void { this.recording.retain(dataId); }
  override refCount(dataId: object): number { return this.recording.references(dataId); }
  override disposeData(dataId: object, force = false): boolean { return this.recording.release(dataId, force); }
  override numDataIds(): number { return this.recording.size; }
  override memory(): { unreliable: boolean } { return { unreliable: false }; }
  override floatPrecision(): 32 { return 32; }
  override timerAvailable(): boolean { return false; }
  override dispose(): void { this.#recording = undefined; }

  run(kernel: string, inputs: KernelInputs, attributes: KernelAttributes): tf.TensorInfo | tf.TensorInfo[] {
    const { recording } = this;
    const given = Object.entries(inputs).filter((entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined && entry[1] !== null);
    const held = given.map(([, tensor]) => recording.look(tensor));
    const made = (what: { readonly value: Value; readonly data?: Data }): tf.TensorInfo => ({ dataId: recording.hold(what), shape: [...what.value.shape], dtype: what.value.dtype });
    const [first] = held;
    if (kernel === 'Identity' && first) return made(first);
    const known = held.flatMap(({ value, data }) => (data ? [{ ...value, data }] : []));
    if (known.length === held.length) {
      const folded = fold(kernel, Array.isArray(inputs) ? known : Object.fromEntries(known.map((constant, i) => [given[i]?.[0] ?? '', constant])), attributes);
      const constants = folded.outputs.map(({ data, shape, dtype }) => made(recording.constant(data, shape, dtype)));
      const [only] = constants;
      return folded.isList || !only ? constants : only;
    }
    const specs = this.#infer(kernel, Object.fromEntries(held.map(({ value }, i) => [given[i]?.[0] ?? '', value])), attributes ?? {});
    const outputs = ('shape' in specs ? [specs] : specs).map(({ shape, dtype }) => recording.value(shape, dtype));
    const call: RecordedCall = { kernel, inputs: held.map(({ value }) => value), inputNames: given.map(([name]) => name), attributes: { ...attributes }, outputs, where: new Place() };
    recording.calls.push(call);
    const tensors = outputs.map((value) => made({ value }));
    const [only] = tensors;
    return 'shape' in specs && only ? only : tensors;
  }

  #infer(kernel: string, inputs: Record<string, Spec>, attributes: Record<string, unknown>): Spec | readonly Spec[] {
    const rule = shapeRules.get(kernel);
    if (!rule) return this.recording.refuse(new NotCompilableError(`TensorFlow.js's operation "${kernel}" cannot be compiled.`, personsLineNow()));
    try {
      return rule(inputs, attributes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.recording.refuse(new NotCompilableError(`TensorFlow.js's operation "${kernel}" cannot be compiled: ${error.message}.`, personsLineNow()));
    }
  }
}

/** The process's one trace backend, with a kernel for each that any backend here has. */
export function traceBackend(): TraceBackend {
  const existing = tf.findBackend(TRACE_BACKEND);
  if (existing instanceof TraceBackend) return existing;
  const backend = new TraceBackend();
  tf.registerBackend(TRACE_BACKEND, () => backend, 0);
  const names = new Set([...shapeRules.keys(), ...['cpu', 'wasm', 'webgl'].flatMap((name) => tf.getKernelsForBackend(name).map(({ kernelName }) => kernelName))]);
  for (const kernelName of names) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => backend.recording.guard(() => backend.run(kernelName, inputs, attrs));
    tf.registerKernel({ kernelName, backendName: TRACE_BACKEND, kernelFunc: kernelName === 'FusedBatchNorm' ? withDefaults(kernelFunc) : kernelFunc });
  }
  return backend;
}
