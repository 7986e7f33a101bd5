import type { HyperparameterValues } from '../../spec/hyperparameters';
import type { VaeModel } from '../../vae/model';

/** Height, width, channels. */
export type ImageShape = readonly [number, number, number];
/** The loss, and its parts by the names that the objective gives them, in nats per example. */
export interface StepParts { readonly loss: number; readonly parts: Readonly<Record<string, number>> }
/** What a model may know of its data, besides the shape of the images. */
export interface DataFacts { readonly trainCount: number; /** Absent where there are no labels. */ readonly classes?: number }
/** A batch of examples: [count, height, width, channels], values in [0, 1]. */
export interface Batch {
  readonly count: number;
  readonly data: Float32Array;
  /** Classes counted from 0, [count], where the data set has labels. */
  readonly labels?: Int32Array;
}
/** Named weights and optimizer slots; the names are the checkpoint's. */
export interface NamedTensor { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }

/** A model made ready to train. The loop must not know which engine it has. All noise comes from the caller. Hyperparameters left out are as the model starts with them. */
export interface Program {
  /** One update; `noise` is [samples * count, latentDim] standard normal, as many samples as the objective takes. Waits for the device. */
  step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts>;
  /** The loss without an update. */
  evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts>;
  /** Posterior mean and log-variance, [count, latentDim] each. */
  encode(batch: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }>;
  /** Draws from the prior of noise [count, latentDim], standard normal, and choices [count], uniform in [0, 1): z [count, latentDim]. */
  drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array>;
  /** z [count, latentDim] to the likelihood's mean in [0, 1], [count, height, width, channels]. */
  decode(z: Float32Array, count: number): Promise<Float32Array>;
  /** Gradients of the loss by weight, in training mode, without an update. May move batch-norm averages. */
  gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]>;
  getState(): Promise<NamedTensor[]>;
  setState(state: readonly NamedTensor[]): Promise<void>;
  dispose(): void;
}
export interface Engine {
  readonly name: string;
  /** In words, such as "CPU, TensorFlow.js wasm". */
  readonly device: string;
  /** What a person should know of it, in a sentence: that no GPU was found where one was expected. */
  readonly notice?: string;
  /** Building a model may take minutes the first time, saying this meanwhile. */
  readonly slowStart?: string;
  /** Initial weights come from `seed`. Throws UnsupportedModelError where this engine lacks what the model needs. */
  build(model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<Program>;
}
/** An engine cannot do what is asked of it; the message is a sentence a person can act on. */
export class EngineError extends Error {}
/** It lacks what the model needs. */
export class UnsupportedModelError extends EngineError {}
/** It is not on this machine, or does not start here. */
export class EngineUnavailableError extends EngineError {}
