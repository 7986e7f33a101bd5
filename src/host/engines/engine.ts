import type { HyperparameterValues } from '../../spec/hyperparameters';
import type { NamedEngine } from '../../spec/engines';
import type { VaeModel } from '../../vae/model';

export type { NamedEngine } from '../../spec/engines';
/** Height, width, channels. */
export type ImageShape = readonly [number, number, number];
/** The loss, and its parts by the names that the objective gives them, in nats per example. */
export interface StepParts { readonly loss: number; readonly parts: Readonly<Record<string, number>> }
/** What an update did to one weight, as L2 norms: of its gradient before clipping, of its change, and of itself afterwards. */
export interface WeightNorms { readonly name: string; readonly gradient: number; readonly change: number; readonly weight: number }
export interface StepResult extends StepParts {
  /** Of all gradients together, before clipping; not finite where there was no update. */
  readonly gradientNorm: number;
  /** Where it was asked for. */
  readonly weights?: readonly WeightNorms[];
}
/** What a model may know of its data, besides the shape of the images. */
export interface DataFacts { readonly trainCount: number; /** Absent where there are no labels. */ readonly classes?: number | undefined }
/** What draws from the posterior say of each example, nats. Rows are sample by sample: `k * count + i` is draw k of example i. */
export interface Terms {
  /** -log p(x|z), [samples * count]. */
  readonly reconstruction: Float32Array;
  /** log p(x, z) - log q(z|x), [samples * count]; absent where a code is a point, which has no density. */
  readonly logWeight?: Float32Array;
  /** KL(q(z|x) || p(z)), [count]: closed, or, of priors without a closed form, estimated at these draws; absent where a code is a point. */
  readonly kl?: Float32Array;
}
/** What the encoder says of examples: posterior mean and log-variance, [count, latentDim] each; the log-variance of a code that is a point is -Infinity. */
export interface Encoded {
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
  /** Where codes are taken from a codebook: which, [count, places]. */
  readonly indices?: Float32Array;
}
/** A batch of examples: [count, height, width, channels], values in [0, 1]. */
export interface Batch {
  readonly count: number;
  readonly data: Float32Array;
  /** What the encoder is given where that is not `data`, the target: corrupted pictures of the same shape. */
  readonly corrupted?: Float32Array;
  /** Classes counted from 0, [count], where the data set has labels. */
  readonly labels?: Int32Array;
}
/** Named weights and optimizer slots; the names are the checkpoint's. */
export interface NamedTensor { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }

/** The weight, or the first operation, whose values are not finite, or whose gradient is not, and the person's line where it was called, as `file:line`. */
export type NonFinite = { readonly weight: string } | { readonly operation: string; readonly ofGradient?: true; readonly madeAt?: string };

export interface EagerGradients { readonly oracle: string; readonly tensors: readonly NamedTensor[] }

/** A model made ready to train. The loop must not know which engine it has. All noise comes from the caller. Hyperparameters left out are as the model starts with them. */
export interface Program {
  /** What it computes, so that two with the same have the same gradients; absent where nobody can tell. */
  readonly fingerprint?: string;
  /**
   * One update; `noise` is [samples * count, latentDim] standard normal, as many samples as the objective takes. Waits for the device. No update follows from a loss or a gradient that is not finite.
   * `perWeight` asks for what it did to each weight: half a step more.
   */
  step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight?: boolean): Promise<StepResult>;
  /** The loss without an update. */
  evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts>;
  /** What `samples` draws from the posterior an example say, whatever the objective; `noise` is [samples * count, latentDim], standard normal. Callers use `termsOf`. */
  terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms>;
  encode(batch: Batch): Promise<Encoded>;
  /** Draws from the prior of noise [count, latentDim], standard normal, and choices [count], uniform in [0, 1): z [count, latentDim]. */
  drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array>;
  /** z [count, latentDim] to the likelihood's mean in [0, 1], [count, height, width, channels]; given the classes as rows [count, classes] where the model is conditional. */
  decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array>;
  /** Gradients of the loss by weight, in training mode, without an update: what the step assigns, such as batch-norm averages, stays as it was. */
  gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]>;
  /** Computes a loss that was not finite again, and where that is of `training` its gradients, to find where that began. */
  findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined>;
  /**
   * Looks, between epochs, whether the person's code still does what this was built from, which can have hung on JavaScript's state, and is built from it again where it does not: then
   * true. Absent where each step runs that code. @throws UnsupportedModelError
   */
  renew?(): Promise<boolean>;
  /**
   * The gradients, operation by operation, that the person's code gives as it is by now in this program's process, whatever this was built from; `oracle` is the engine that computes them.
   * The program's state is left as it was. @throws EngineError where no engine can
   */
  eagerGradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<EagerGradients>;
  getState(): Promise<NamedTensor[]>;
  setState(state: readonly NamedTensor[]): Promise<void>;
  dispose(): void;
}
/** Where a model came from, for an engine that builds it in a process of its own: `source` is the file's text, `script` the host's, which `node` runs. */
export interface Origin { readonly modelFile: string; readonly modelName: string; readonly source: string; readonly node: string; readonly script: string }
export interface Engine {
  readonly name: NamedEngine;
  /** In words, such as "CPU, TensorFlow.js wasm". */
  readonly device: string;
  /** What a person should know of it, in a sentence: that no GPU was found where one was expected. */
  readonly notice?: string;
  /** Building a model may take minutes the first time, saying this meanwhile. */
  readonly slowStart?: string;
  /** It computes in this process, through a driver that may never answer. */
  readonly mayHang?: boolean;
  /** The same library, operation by operation: for models that the engine cannot take as a whole, and to compare others with. */
  readonly eager?: Engine;
  /** Initial weights come from `seed`. Throws UnsupportedModelError where this engine lacks what the model needs. */
  build(model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts, origin?: Origin): Promise<Program>;
}
/** An engine cannot do what is asked of it; the message is a sentence a person can act on. */
export class EngineError extends Error {}
/** It lacks what the model needs; `madeAt` is the person's line, as `file:line`. */
export class UnsupportedModelError extends EngineError {
  constructor(message: string, readonly madeAt?: string) { super(message); }
}
/** The machine's memory does not hold a step of this model: no other engine's on it would. */
export class OutOfMemoryError extends EngineError {
  constructor(readonly batchSize: number) {
    super(batchSize > 1 ? `The memory of the device does not hold a step with batch size ${batchSize}. Set training.batchSize to ${2 ** Math.floor(Math.log2(batchSize / 2))}, and train again. The run is kept.`
      : 'The memory of the device does not hold one example of this model. Make the model smaller, and train again. The run is kept.');
  }
}
/** The memory of the device does not hold so many examples at once for a view; training goes on. */
export class ViewMemoryError extends EngineError {
  constructor(count: number) { super(`The memory of the device does not hold what this model makes of ${count} examples at once. Ask for fewer.`); }
}
/** What is computed of `count` examples for a view alone: that the memory does not hold it is no matter of the step's batch size. @throws ViewMemoryError in place of OutOfMemoryError */
export const forView = <T>(computed: Promise<T>, count: number): Promise<T> => computed.catch((error: unknown) => { throw error instanceof OutOfMemoryError ? new ViewMemoryError(count) : error; });
/** What computed is gone, and with it all since the last checkpoint. */
export class EngineLostError extends EngineError {}
/** JavaScript's and WebAssembly's ways of saying that there is no room for an array. */
export const isOutOfMemory = (error: unknown): boolean => (error instanceof RangeError && /Invalid typed array length|Invalid array (buffer )?length|[Aa]llocation failed|could not allocate memory/.test(error.message))
  || (error instanceof WebAssembly.RuntimeError && /out of bounds|OOM|Aborted/.test(error.message)); // what a kernel takes for itself may be too much as well

/** It is not on this machine, or does not start here. */
export class EngineUnavailableError extends EngineError {}
