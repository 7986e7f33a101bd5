import os from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { Binding } from 'onnxruntime-node/dist/binding';
import type * as ort from 'onnxruntime-node';
import { errorText } from '../../../protocol/errorText';
import { EngineError, EngineUnavailableError } from '../engine';

export type Runtime = { readonly version: string; readonly Tensor: typeof ort.Tensor; readonly InferenceSession: Binding.InferenceSessionConstructor };
let runtime: Runtime | undefined;

const LOG_ERRORS = 3;
/** Ends a run once its outputs are in their places. */
const PLACED = {};

/** onnxruntime, whose native library is there for some platforms only. @throws EngineUnavailableError */
export async function loadRuntime(): Promise<Runtime> {
  if (runtime) return runtime;
  process.env['ORT_DISABLE_TELEMETRY'] = '1'; // else it tells its makers of every model, and keeps a name for this machine; read once, when the library starts
  try {
    const [{ env, Tensor }, { binding }] = await Promise.all([import('onnxruntime-common'), import('onnxruntime-node/dist/binding.js')]);
    // After a run the binding copies all outputs once more, to hand back new tensors: a tenth of an mlp's step. It stops where the first cannot be made.
    binding.initOrtOnce(LOG_ERRORS, new Proxy(Tensor, { construct() { throw PLACED; } }), isMainThread);
    return runtime = { version: env.versions.common, Tensor, InferenceSession: binding.InferenceSession };
  } catch (error) {
    throw new EngineUnavailableError(`The engine "compiled" needs onnxruntime, which could not be loaded for ${process.platform} ${process.arch} (${errorText(error).split('\n')[0] ?? ''}).`);
  }
}

/** A float tensor over memory of the caller's, which is read and written at each run. */
export type OnnxTensor = ort.Tensor;

/** One ONNX graph, ready to run. Runs are synchronous: the graphs are short, and a turn of the event loop costs as much as the smallest. */
export class OnnxSession {
  readonly #session: Binding.InferenceSession;
  readonly #Tensor: typeof ort.Tensor;

  /** `threads`: 1 for graphs that are run beside a training session, whose threads would spin against theirs. @throws EngineError, OnnxMemoryError */
  constructor({ Tensor, InferenceSession }: Runtime, model: Uint8Array, threads = os.availableParallelism()) {
    this.#Tensor = Tensor;
    this.#session = new InferenceSession();
    const options: ort.InferenceSession.SessionOptions = {
      executionProviders: ['cpu'], graphOptimizationLevel: 'all', executionMode: 'sequential', intraOpNumThreads: threads, logSeverityLevel: 3,
      extra: { session: {
        set_denormal_as_zero: '1', // training does not need them, and they are slow
        // Threads that wait for work by spinning make a step faster, but between steps, and where other programs want the processor, they only stand in the way.
        force_spinning_stop: '1', intra_op: { spin_duration_us: '200' },
      } },
    };
    try {
      this.#session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options);
    } catch (error) {
      throw onnxError(error);
    }
  }

  tensor(data: Float32Array, shape: readonly number[]): OnnxTensor { return new this.#Tensor('float32', data, [...shape]); }

  /** Computes the outputs named in `outputs` into their tensors. @throws EngineError, OnnxMemoryError */
  run(inputs: Record<string, OnnxTensor>, outputs: Record<string, OnnxTensor>): void {
    try {
      this.#session.run(inputs, outputs, {});
    } catch (error) {
      if (error !== PLACED) throw onnxError(error);
    }
  }

  dispose(): void { this.#session.dispose(); }
}

/** onnxruntime could not allocate what a graph needs. */
export class OnnxMemoryError extends EngineError {
  constructor() { super('The memory of this machine does not hold a step of this model. Set training.batchSize lower, or make the model smaller, and train again.'); }
}

/** onnxruntime's C++ errors never reach a person. */
function onnxError(error: unknown): Error {
  console.error(error);
  if (/bad_alloc|[Ff]ailed to allocate memory|BFCArena|out of memory|bad array new length/.test(errorText(error))) return new OnnxMemoryError();
  return new EngineError('The compiled step could not be run; the log of the run says what onnxruntime said. Train with another engine, and tell the developers of VAE Lab.');
}
