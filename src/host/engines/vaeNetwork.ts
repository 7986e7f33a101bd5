import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { likelihoodEntry } from '../../vae/likelihoods/index';
import type { VaeModel } from '../../vae/model';
import { bindArguments, objectiveEntry, samplesOf, type ObjectiveArguments } from '../../vae/objectives/index';
import { lossOf, type Losses } from '../../vae/parts';
import { priorEntry } from '../../vae/priors/index';
import type { DataFacts, ImageShape } from './engine';
import { initializeAsTorch } from './initialize';
import { BuiltNetwork, type NamedVariable } from './network';
import { OwnVariables } from './ownVariables';
import { sizeOf } from './sizeOf';

export type { Losses } from '../../vae/parts';

/** What a step is given. */
export interface StepInputs {
  /** [batch, height, width, channels] */
  readonly x: tf.Tensor;
  /** What the encoder is given where that is not x, which is to be restored. */
  readonly corrupted?: tf.Tensor | undefined;
  /** Standard normal, [samples * batch, latent]. */
  readonly noise: tf.Tensor;
  /** Makes the one-hot rows [batch, classes], where the data have labels; there may be a million classes, and most objectives do not ask. */
  readonly labels?: (() => tf.Tensor) | undefined;
  readonly hyperparameters: Readonly<Record<string, tf.Scalar>>;
}

/** A model's networks and losses as TensorFlow.js operations on whatever backend is current; knows no optimizer. */
export class VaeNetwork {
  readonly #model: VaeModel;
  readonly #imageShape: ImageShape;
  readonly #data: DataFacts;
  readonly #encoder: BuiltNetwork;
  readonly #decoder: BuiltNetwork;
  readonly #heads: readonly [tf.layers.Layer, tf.layers.Layer];
  /** The weights that likelihood, prior and objective have of their own. */
  readonly #own: { readonly likelihood: OwnVariables; readonly prior: OwnVariables; readonly objective: OwnVariables };
  #output: tf.layers.Layer | undefined;
  #weights: NamedVariable[] = [];

  /** Runs the builders. Their weights exist after `initialize`. */
  constructor(model: VaeModel, imageShape: ImageShape, data: DataFacts = { trainCount: 1 }) {
    const { likelihood, prior, objective, latentDim } = model;
    const sizes = { latentDim, pixels: sizeOf(imageShape) };
    this.#model = model;
    this.#imageShape = imageShape;
    this.#data = data;
    this.#encoder = new BuiltNetwork('encoder', model.encoder);
    this.#decoder = new BuiltNetwork('decoder', model.decoder);
    this.#heads = [tf.layers.dense({ units: latentDim }), tf.layers.dense({ units: latentDim })];
    this.#own = {
      likelihood: new OwnVariables('likelihood', likelihoodEntry(likelihood).variables?.(likelihood)), prior: new OwnVariables('prior', priorEntry(prior).variables?.(prior, sizes)),
      objective: new OwnVariables('objective', objectiveEntry(objective).variables?.(objective, sizes)),
    };
  }

  /** Makes the weights by passing two black images through. @throws TypeError for shapes that do not fit. */
  initialize(): void {
    tf.tidy(() => { this.#decode(this.#encode(tf.zeros([2, ...this.#imageShape]), false).mean, false); });
    if (this.#model.initializer) this.#initializeAsTorch();
    const { likelihood, prior, objective } = this.#own;
    for (const own of [likelihood, prior, objective]) own.initialize();
    this.#weights = [
      ...this.#encoder.variables(),
      ...layerVariables('mean', this.#heads[0]), ...layerVariables('logVariance', this.#heads[1]),
      ...this.#decoder.variables(),
      ...(this.#output ? layerVariables('output', this.#output) : []),
      ...likelihood.variables, ...prior.variables, ...objective.variables,
    ];
  }

  #initializeAsTorch(): void {
    for (const network of [this.#encoder, this.#decoder]) network.initializeAsTorch();
    for (const layer of [...this.#heads, ...(this.#output ? [this.#output] : [])]) initializeAsTorch(layer, new Set());
  }

  /** All weights, batch-norm averages included, under the checkpoint's names. */
  get weights(): readonly NamedVariable[] { return this.#weights; }
  get trainable(): readonly NamedVariable[] { return this.#weights.filter((weight) => weight.trainable); }

  /** The posterior of images [batch, height, width, channels]: mean and log-variance, [batch, latent] each. */
  #encode(x: tf.Tensor, training: boolean): { mean: tf.Tensor; logVariance: tf.Tensor } {
    const features = this.#encoder.apply(x, training);
    const flat = features.rank === 2 ? features : tf.reshape(features, [x.shape[0] ?? 0, -1]);
    const [mean, logVariance] = bothHeads(this.#heads, flat);
    const { logVarianceLimit: limit } = this.#model;
    return { mean, logVariance: tf.clipByValue(logVariance, -limit, limit) };
  }

  /** What the decoder is given, [batch, latent], to the likelihood's parameters: logits or means, [batch, pixels], and where there are two a pixel the second ones after them. */
  #decode(z: tf.Tensor, training: boolean): tf.Tensor {
    const [h, w, c] = this.#imageShape;
    const { likelihood } = this.#model;
    const outputs = likelihoodEntry(likelihood).outputs(likelihood);
    const features = this.#decoder.apply(z, training);
    const spatial = features.rank === 4 && features.shape[1] === h && features.shape[2] === w;
    this.#output ??= spatial ? tf.layers.conv2d({ filters: c * outputs, kernelSize: 1 }) : tf.layers.dense({ units: h * w * c * outputs });
    const count = z.shape[0] ?? 0;
    const input = spatial || features.rank === 2 ? features : tf.reshape(features, [count, -1]);
    const output = spatial ? this.#output.apply(input) as tf.Tensor : linear(this.#output, input);
    if (!spatial || outputs === 1) return tf.reshape(output, [count, h * w * c * outputs]);
    return tf.concat(tf.split(output, outputs, 3).map((one) => tf.reshape(one, [count, h * w * c])), 1);
  }

  /** The posterior as views show it: where the prior is carried along by a map, its mean is too, and its log-variance to first order. */
  encode(x: tf.Tensor): { mean: tf.Tensor; logVariance: tf.Tensor } {
    const { prior } = this.#model;
    const { transport } = priorEntry(prior);
    const posterior = this.#encode(x, false);
    if (!transport) return posterior;
    return { mean: transport.map(prior, posterior.mean), logVariance: tf.add(posterior.logVariance, tf.mul(transport.logSlope(prior, posterior.mean), 2)) };
  }

  /** z [batch, latent], as views show it, to pictures in [0, 1], [batch, pixels]. */
  pictures(z: tf.Tensor): tf.Tensor {
    const { likelihood } = this.#model;
    return likelihoodEntry(likelihood).mean(likelihood, this.#decode(z, false));
  }

  /** Whether draws from the prior are more than standard normal noise. */
  get drawsPrior(): boolean {
    const { sample, transport } = priorEntry(this.#model.prior);
    return sample !== undefined || transport !== undefined;
  }
  /** Draws from the prior, as views show it, of noise [n, latent], standard normal, and choices [n], uniform. */
  drawPrior(noise: tf.Tensor, choices: tf.Tensor): tf.Tensor {
    const { prior } = this.#model;
    const entry = priorEntry(prior);
    const z = entry.sample?.(prior, noise, choices, { variables: this.#own.prior.byName }) ?? noise;
    return entry.transport?.map(prior, z) ?? z;
  }

  /** The loss and its parts. @throws TypeError in a sentence where the objective does not give parts */
  losses(inputs: StepInputs, training: boolean): Losses {
    const { objective } = this.#model;
    return lossOf(objectiveEntry(objective).parts(objective, this.#arguments(inputs, samplesOf(objective), training)));
  }

  /** What single draws from the posterior say, `samples` of them an example, whatever the objective (`Terms`). */
  terms(inputs: StepInputs, samples: number): { reconstruction: tf.Tensor; logWeight: tf.Tensor; kl: tf.Tensor } {
    const { z, decode, negativeLogLikelihood, prior, posterior } = this.#arguments(inputs, samples, false);
    const reconstruction = negativeLogLikelihood(decode(z));
    return { reconstruction, logWeight: tf.sub(tf.sub(prior.logDensity(z), posterior.logDensity(z)), reconstruction), kl: prior.kl() };
  }

  #arguments({ x, corrupted = x, noise, labels, hyperparameters }: StepInputs, samples: number, training: boolean): ObjectiveArguments {
    const { likelihood, prior } = this.#model;
    const { transport } = priorEntry(prior);
    const flat = tf.reshape(x, [x.shape[0] ?? 0, -1]);
    return bindArguments({
      likelihood, prior, posterior: this.#encode(corrupted, training), x: flat, noise, samples, hyperparameters, labels, datasetSize: this.#data.trainCount, training,
      decode: (z) => this.#decode(transport?.map(prior, z) ?? z, training),
      variables: { likelihood: this.#own.likelihood.byName, prior: this.#own.prior.byName, objective: this.#own.objective.byName },
    });
  }

  dispose(): void {
    for (const { variable } of this.#weights) if (!variable.isDisposed) variable.dispose();
    this.#weights = [];
  }
}

/** A dense layer without an activation, in two operations where `apply` takes five and its gradient seven. */
function linear(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor {
  if (!layer.built) layer.build(x.shape);
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  assert(kernel && bias, `${layer.name} has no kernel or no bias`);
  return tf.add(tf.matMul(x, kernel), bias);
}

/** Two dense layers of the same units as one product, which takes less time than two, forward and back. The layers' weights are made at the first call. */
function bothHeads(heads: readonly [tf.layers.Layer, tf.layers.Layer], x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  for (const head of heads) if (!head.built) head.build(x.shape);
  const [kernel, bias] = [0, 1].map((i) => tf.concat(heads.map((head) => head.weights[i]?.read() as tf.Tensor), -1)) as [tf.Tensor, tf.Tensor];
  return tf.split(tf.add(tf.matMul(x, kernel), bias), 2, 1) as [tf.Tensor, tf.Tensor];
}

function layerVariables(name: string, layer: tf.layers.Layer): NamedVariable[] {
  return layer.weights.map((weight) => ({ name: `${name}/${weight.originalName.split('/').at(-1) ?? ''}`, variable: weight.read() as tf.Variable, trainable: true }));
}
