import type * as tf from '@tensorflow/tfjs';
import type { LiveHyperparameters } from '../live';
import type { Parts } from '../parts';
import type { ModelSizes, VariableSpecs } from '../variables';

/** q(z|x) of a batch: a Gaussian with independent dimensions. */
export interface Posterior {
  /** [batch, latent] each. */
  readonly mean: tf.Tensor;
  readonly logVariance: tf.Tensor;
  /** log q(z|x) in nats, [samples * batch], of z [samples * batch, latent]. */
  logDensity(z: tf.Tensor): tf.Tensor;
}
/** p(z). */
export interface PriorTerms {
  /** log p(z) in nats, [n], of z [n, latent]. */
  logDensity(z: tf.Tensor): tf.Tensor;
  /** KL(q(z|x) || p(z)) in nats, [batch]: closed where the prior has a closed form, else estimated at the step's z. */
  kl(): tf.Tensor;
  /** The same of each dimension, [batch, latent]. @throws TypeError where the prior has no closed form */
  klPerDimension(): tf.Tensor;
}

/** What an objective is a function of. Rows of z are sample by sample: row `k * batch + i` is sample k of example i. */
export interface ObjectiveArguments<Hyperparameter extends string = string, Variable extends string = string> {
  readonly tf: typeof tf;
  /** The examples, [batch, pixels], values in [0, 1]. */
  readonly x: tf.Tensor;
  readonly posterior: Posterior;
  readonly prior: PriorTerms;
  /** Draws from the posterior, [samples * batch, latent]: mean + standard deviation * noise. */
  readonly z: tf.Tensor;
  /** Standard normal, of z's shape. */
  readonly noise: tf.Tensor;
  /** Draws an example. */
  readonly samples: number;
  /** z [n, latent] to the likelihood's parameters, [n, pixels], or [n, 2 * pixels] where the decoder gives two numbers a pixel. */
  decode(z: tf.Tensor): tf.Tensor;
  /** -log p(x|z) in nats, [samples * batch], of the decoder's output for z. */
  negativeLogLikelihood(output: tf.Tensor): tf.Tensor;
  /** Scalars that may change while training, under the names they were declared with. */
  readonly hyperparameters: Readonly<Record<Hyperparameter, tf.Scalar>>;
  /** The objective's own weights. */
  readonly variables: Readonly<Record<Variable, tf.Variable>>;
  /** Classes as one-hot rows, [batch, classes]. @throws TypeError where the data have no labels */
  readonly labels: tf.Tensor;
  /** How many training examples there are, for terms of the whole data set that a batch estimates. */
  readonly datasetSize: number;
  /** False for held-out examples: variables are not to be assigned then. */
  readonly training: boolean;
}

/** What the catalogue knows of an objective described by `D`. */
export interface ObjectiveEntry<D> {
  /** Draws from the posterior an example and step. */
  samples(description: D): number;
  /** Examples that a batch must have, where one is not enough. */
  readonly leastBatch?: number;
  hyperparameters?(description: D): LiveHyperparameters;
  variables?(description: D, sizes: ModelSizes): VariableSpecs;
  parts(description: D, given: ObjectiveArguments): Parts;
  /** Where codes are taken from a codebook: what the decoder is given of a code [n, latent], and draws of codes out of standard normal noise of that shape. */
  codebook?: {
    /** Which codes are nearest, [n, places]. */
    readonly indices: (description: D, code: tf.Tensor, variables: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
    readonly quantize: (description: D, code: tf.Tensor, variables: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
    readonly draw: (description: D, noise: tf.Tensor, variables: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
  };
}
