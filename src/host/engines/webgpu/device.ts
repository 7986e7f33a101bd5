import assert from 'node:assert';
import type * as ort from 'onnxruntime-node';
import { errorText } from '../../../protocol/errorText';
import { EngineUnavailableError } from '../engine';

export type Ort = typeof ort;
export type DeviceTensor = ort.Tensor;
type Location = 'cpu' | 'gpu-buffer';

/**
 * onnxruntime for graphs on WebGPU. Never in a process in which the compiled engine runs, which makes onnxruntime hand out no tensors; and a driver may take the process down.
 * @throws EngineUnavailableError
 */
export async function loadOrt(): Promise<Ort> {
  try {
    const loaded = await import('onnxruntime-node');
    loaded.env.logLevel = 'error';
    return loaded;
  } catch (error) {
    throw new EngineUnavailableError(`The engine "webgpu" needs onnxruntime, which could not be loaded for ${process.platform} ${process.arch} (${errorText(error).split('\n')[0] ?? ''}).`);
  }
}

/** What onnxruntime says, which no one but developers can do anything with. */
export class OrtError extends Error {}
const saidBy = (error: unknown): never => { throw new OrtError(errorText(error), { cause: error }); };

/** One ONNX graph on the device. Tensors that it leaves there are the caller's to dispose of. */
export class DeviceGraph {
  private constructor(private readonly ort: Ort, private readonly session: ort.InferenceSession, readonly inputs: readonly string[], readonly outputs: readonly string[]) {}

  /** `stays` says which outputs are left on the device. */
  static async create(ort: Ort, { model, inputs, outputs }: { readonly model: Uint8Array; readonly inputs: readonly string[]; readonly outputs: readonly string[] }, stays: (output: string) => boolean = () => false): Promise<DeviceGraph> {
    const preferredOutputLocation = Object.fromEntries(outputs.map((name): [string, Location] => [name, stays(name) ? 'gpu-buffer' : 'cpu']));
    const session = await ort.InferenceSession.create(model, { executionProviders: ['webgpu'], preferredOutputLocation, logSeverityLevel: 3 }).catch(saidBy);
    return new DeviceGraph(ort, session, inputs, outputs);
  }

  tensor(data: Float32Array, shape: readonly number[]): DeviceTensor { return new this.ort.Tensor('float32', data, [...shape]); }
  async run(feeds: Record<string, DeviceTensor>): Promise<Record<string, DeviceTensor>> { return this.session.run(feeds).catch(saidBy); }
  dispose(): void { void this.session.release(); }
}

/** Of a tensor that was not left on the device; reading one that was ends the process. */
export function valuesOf(tensor: DeviceTensor | undefined): Float32Array {
  assert(tensor?.location === 'cpu' && tensor.data instanceof Float32Array, 'the values of a tensor are on the device');
  return tensor.data;
}
