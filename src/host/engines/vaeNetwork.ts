import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { klDivergence, likelihoodMean, negativeLogLikelihood } from '../../vae/losses';
import type { VaeModel } from '../../vae/model';
import type { ImageShape } from './engine';
import { initializeAsTorch } from './initialize';
import { BuiltNetwork, type NamedVariable } from './network';

/** Log-variance is kept in this range, so that its exponential stays finite. */
const LOG_VARIANCE_LIMIT = 30;
/** Scalars, in nats per example. */
export type Losses = { readonly loss: tf.Scalar; readonly reconstruction: tf.Scalar; readonly kl: tf.Scalar };

/** A model's networks and losses as TensorFlow.js operations on whatever backend is current; knows no optimizer. */
export class VaeNetwork {
  readonly #model: VaeModel;
  readonly #imageShape: ImageShape;
  readonly #encoder: BuiltNetwork;
  readonly #decoder: BuiltNetwork;
  readonly #heads: readonly [tf.layers.Layer, tf.layers.Layer];
  #output: tf.layers.Layer | undefined;
  #weights: NamedVariable[] = [];

  /** Runs the builders. Their weights exist after `initialize`. */
  constructor(model: VaeModel, imageShape: ImageShape) {
    this.#model = model;
    this.#imageShape = imageShape;
    this.#encoder = new BuiltNetwork('encoder', model.encoder);
    this.#decoder = new BuiltNetwork('decoder', model.decoder);
    this.#heads = [tf.layers.dense({ units: model.latentDim }), tf.layers.dense({ units: model.latentDim })];
  }

  /** Makes the weights by passing two black images through. @throws TypeError for shapes that do not fit. */
  initialize(): void {
    tf.tidy(() => { this.decode(this.encode(tf.zeros([2, ...this.#imageShape]), false).mean, false); });
    if (this.#model.initializer) this.#initializeAsTorch();
    this.#weights = [
      ...this.#encoder.variables(),
      ...layerVariables('mean', this.#heads[0]), ...layerVariables('logVariance', this.#heads[1]),
      ...this.#decoder.variables(),
      ...(this.#output ? layerVariables('output', this.#output) : []),
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
  encode(x: tf.Tensor, training: boolean): { mean: tf.Tensor; logVariance: tf.Tensor } {
    const features = this.#encoder.apply(x, training);
    const flat = features.rank === 2 ? features : tf.reshape(features, [x.shape[0] ?? 0, -1]);
    const [mean, logVariance] = [linear(this.#heads[0], flat), linear(this.#heads[1], flat)];
    return { mean, logVariance: tf.clipByValue(logVariance, -LOG_VARIANCE_LIMIT, LOG_VARIANCE_LIMIT) };
  }

  /** z [batch, latent] to the likelihood's parameter (logits, or means), [batch, pixels]. */
  decode(z: tf.Tensor, training: boolean): tf.Tensor {
    const [h, w, c] = this.#imageShape;
    const features = this.#decoder.apply(z, training);
    const spatial = features.rank === 4 && features.shape[1] === h && features.shape[2] === w;
    this.#output ??= spatial ? tf.layers.conv2d({ filters: c, kernelSize: 1 }) : tf.layers.dense({ units: h * w * c });
    const count = z.shape[0] ?? 0;
    const input = spatial || features.rank === 2 ? features : tf.reshape(features, [count, -1]);
    return tf.reshape(spatial ? this.#output.apply(input) as tf.Tensor : linear(this.#output, input), [count, h * w * c]);
  }

  /** z [batch, latent] to pictures in [0, 1], [batch, pixels]. */
  pictures(z: tf.Tensor): tf.Tensor { return likelihoodMean(this.#model.likelihood, this.decode(z, false)); }

  /** x [batch, height, width, channels], noise [batch, latent] standard normal. Kingma & Welling 2014, eq. 10. The encoder is given `seen`: x, or what is left of it where it is to be restored. */
  losses(x: tf.Tensor, noise: tf.Tensor, beta: number | tf.Scalar, training: boolean, seen: tf.Tensor = x): Losses {
    const { mean, logVariance } = this.encode(seen, training);
    const z = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)); // reparameterize
    const flat = tf.reshape(x, [x.shape[0] ?? 0, -1]);
    const reconstruction = tf.mean(negativeLogLikelihood(this.#model.likelihood, flat, this.decode(z, training))) as tf.Scalar;
    const kl = tf.mean(klDivergence(mean, logVariance)) as tf.Scalar;
    return { loss: tf.add(reconstruction, tf.mul(kl, beta)) as tf.Scalar, reconstruction, kl };
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

function layerVariables(name: string, layer: tf.layers.Layer): NamedVariable[] {
  return layer.weights.map((weight) => ({ name: `${name}/${weight.originalName.split('/').at(-1) ?? ''}`, variable: weight.read() as tf.Variable, trainable: true }));
}
