import type * as tf from '@tensorflow/tfjs';
import type { LiveHyperparameters } from '../live';
import type { ModelSizes, VariableSpecs } from '../variables';

/** What a prior may use besides its arguments, by name. */
export interface PriorTools { readonly hyperparameters: Readonly<Record<string, tf.Tensor>>; readonly variables: Readonly<Record<string, tf.Tensor>> }
/** A Gaussian posterior: [batch, latent] each. */
export interface Gaussian { readonly mean: tf.Tensor; readonly logVariance: tf.Tensor }

/** What the catalogue knows of a prior described by `D`. */
export interface PriorEntry<D> {
  hyperparameters?(description: D): LiveHyperparameters;
  variables?(description: D, sizes: ModelSizes): VariableSpecs;
  /** log p(z), [...], of z [..., latent]; nats. */
  logDensity(description: D, z: tf.Tensor, tools: PriorTools): tf.Tensor;
  /** KL(q(z|x) || p(z)), [batch], where it has a closed form; else it is estimated at the step's z. */
  kl?(description: D, posterior: Gaussian, tools: PriorTools): tf.Tensor;
  /** The same of each dimension, [batch, latent], where the prior's dimensions are independent. */
  klPerDimension?(description: D, posterior: Gaussian, tools: PriorTools): tf.Tensor;
  /** Draws from the prior out of noise [n, latent], standard normal, and choices [n], uniform in [0, 1). Absent where the noise is the draw. */
  sample?(description: D, noise: tf.Tensor, choices: tf.Tensor, tools: Pick<PriorTools, 'variables'>): tf.Tensor;
  /** Where the prior of what the decoder is given is that of z carried along by a map of each dimension: that map, and the logarithm of its slope. */
  transport?: { readonly map: (description: D, z: tf.Tensor) => tf.Tensor; readonly logSlope: (description: D, z: tf.Tensor) => tf.Tensor };
  /** Of a training step's codes, [batch, latent]: what is fitted to them is assigned here. */
  observe?(description: D, codes: tf.Tensor, tools: { readonly variables: Readonly<Record<string, tf.Variable>> }): void;
  /** Where views show codes by their distance from the codes' mean in deviations: from a code, and to one, [n, latent] each. Draws are made there. */
  standardize?: {
    readonly from: (description: D, code: tf.Tensor, tools: Pick<PriorTools, 'variables'>) => tf.Tensor;
    readonly to: (description: D, z: tf.Tensor, tools: Pick<PriorTools, 'variables'>) => tf.Tensor;
  };
  /** Between these nearly all of it lies, in each dimension of what the decoder is given: how far views reach. */
  range(description: D): readonly [number, number];
}
