import type * as tf from '@tensorflow/tfjs';
import type { ModelKind } from '../spec/models';
import type { DataDescription } from './data/index';
import type { Initializer } from './initializers';
import type { Likelihood } from './likelihoods/index';
import type { Objective } from './objectives/index';
import type { OptimizerDescription } from './optimizers';
import type { Prior } from './priors/index';

/** What a builder may use. */
export interface BuilderTools {
  /** TensorFlow.js's `tf.layers`: `layers.dense({ units: 400, activation: 'relu' })`, `layers.conv2d(...)`, `layers.flatten()`. */
  readonly layers: typeof tf.layers;
  /** A trainable weight of your own, for builders that return a function of tensors. Initialised Glorot-uniform, or zero for a vector. */
  variable(name: string, shape: number[]): tf.Variable;
  /** Of one example of the data: height, width, channels. */
  readonly imageShape: readonly [number, number, number];
}
/** A list of layers applied in order, or a function of a tensor. */
export type Network = readonly tf.layers.Layer[] | ((input: tf.Tensor) => tf.Tensor);
/** Runs once when training starts, under the run's seed. */
export type Builder = (tools: BuilderTools) => Network;

export interface TrainingOptions {
  /** Passes over the training data; default 10. */
  readonly epochs?: number;
  /** Examples a step; default 128. */
  readonly batchSize?: number;
  /** Default `adam({ learningRate: 1e-3 })`. */
  readonly optimizer?: OptimizerDescription;
  /** Where the gradients' norm, all weights together, exceeds this, they are shrunk to it (Pascanu et al. 2013). Default: never. */
  readonly clipNorm?: number;
  /** Same seed, same run; default 1. */
  readonly seed?: number;
}

/** What every model of the family takes. */
export interface ModelOptions {
  /** What to learn: `mnist()`, `sprites()`, `imageFolder('pictures')` or another data set. */
  readonly data: DataDescription;
  /** From images [batch, height, width, channels] to features; what makes a code of them is added. */
  readonly encoder: Builder;
  /**
   * From codes to features; the output layer is added: a dense layer to all pixels, or, where the features are already [batch, height, width, k], a 1x1
   * convolution to the channels.
   */
  readonly decoder: Builder;
  /** Of a pixel given the decoder's output; default `bernoulli()`. */
  readonly likelihood?: Likelihood;
  /** How weights start where a layer does not say; default: as TensorFlow's layers do (Glorot-uniform kernels, biases 0). */
  readonly initializer?: Initializer;
  readonly training?: TrainingOptions;
}

/** A model of the family as data, every default filled in. Nothing is allocated until an engine builds it. */
export interface VaeModel {
  /** The function that made it. */
  readonly kind: ModelKind;
  readonly data: DataDescription;
  /** Numbers in what the decoder is given of one example. */
  readonly latentDim: number;
  /** Rows and columns, where a code is a grid of codes: the decoder is given [batch, rows, columns, latentDim / (rows * columns)]. */
  readonly grid?: readonly [number, number];
  readonly encoder: Builder;
  readonly decoder: Builder;
  readonly likelihood: Likelihood;
  readonly prior: Prior;
  readonly objective: Objective;
  /** The posterior's log-variance is kept between minus this and this; says nothing where a code is a point. */
  readonly logVarianceLimit: number;
  readonly initializer?: Initializer;
  readonly training: Required<Omit<TrainingOptions, 'clipNorm'>> & Pick<TrainingOptions, 'clipNorm'>;
}

const brand = Symbol.for('vae-lab.model');
export const branded = (model: VaeModel): VaeModel => Object.defineProperty(model, brand, { value: true });

/** Whether a value was made by `vae()` or another function of the family, whichever copy of this library made it. */
export function isVaeModel(value: unknown): value is VaeModel {
  return typeof value === 'object' && value !== null && brand in value;
}
