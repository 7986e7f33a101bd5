import type * as tf from '@tensorflow/tfjs';
import type { LiveHyperparameters } from '../live';
import type { VariableSpecs } from '../variables';

/** What a likelihood may use besides its arguments, by name. */
export interface LikelihoodTools { readonly hyperparameters: Readonly<Record<string, tf.Tensor>>; readonly variables: Readonly<Record<string, tf.Tensor>> }

/** What the catalogue knows of a likelihood described by `D`. */
export interface LikelihoodEntry<D> {
  /** How many numbers a pixel the decoder gives: all first ones, then all second ones. */
  outputs(description: D): 1 | 2;
  hyperparameters?(description: D): LiveHyperparameters;
  variables?(description: D): VariableSpecs;
  /** -log p(x|z) in nats: x [..., pixels] in [0, 1] and the decoder's output [..., outputs * pixels], whose shapes broadcast, to [...]. */
  negativeLogLikelihood(description: D, x: tf.Tensor, output: tf.Tensor, tools: LikelihoodTools): tf.Tensor;
  /** What is shown: E[x|z] in [0, 1], of the output's shape without the second numbers. */
  mean(description: D, output: tf.Tensor): tf.Tensor;
}
