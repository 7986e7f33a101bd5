import * as tf from '@tensorflow/tfjs';
import { likelihoodEntry } from '../../vae/likelihoods/index';
import { codeOf, type ModelKind } from '../../spec/models';
import type { VaeModel } from '../../vae/model';
import { bindArguments, objectiveEntry, samplesOf, type ObjectiveArguments } from '../../vae/objectives/index';
import { lossOf, type Losses } from '../../vae/parts';
import { priorEntry } from '../../vae/priors/index';
import { checkCodebookMemory } from './codebookMemory';
import { gaussianHeads, gridHead, initializeLayersAsTorch, layerVariables, pointHead, type Code, type CodeHeads } from './codeHeads';
import { Condition, conditionClasses } from './condition';
import type { DataFacts, ImageShape, Terms } from './engine';
import { leaveStart } from './initialize';
import { BuiltNetwork, type NamedVariable } from './network';
import { OutputLayer } from './outputLayer';
import { OwnVariables } from './ownVariables';
import { sizeOf } from './sizeOf';

export type { Losses } from '../../vae/parts';
/** What makes a code of the features, by the function that made the model: a missing one does not compile. */
const heads: { readonly [K in ModelKind]: (model: VaeModel) => CodeHeads } = {
  vae: gaussianHeads, autoencoder: ({ latentDim }) => pointHead(latentDim), conditionalVae: gaussianHeads,
  vqVae: ({ latentDim, grid = [1, 1] }) => gridHead(grid, latentDim / (grid[0] * grid[1])),
};

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
  readonly #heads: CodeHeads;
  readonly #output: OutputLayer;
  readonly #condition: Condition | undefined;
  /** One-hot rows of so many are given to `encode` and `pictures` where the model is conditional. */
  readonly conditionClasses: number | undefined;
  /** The weights that likelihood, prior and objective have of their own. */
  readonly #own: { readonly likelihood: OwnVariables; readonly prior: OwnVariables; readonly objective: OwnVariables };
  #weights: NamedVariable[] = [];

  /** Runs the builders. Their weights exist after `initialize`. */
  constructor(model: VaeModel, imageShape: ImageShape, data: DataFacts = { trainCount: 1 }) {
    const { likelihood, prior, objective, latentDim } = model;
    const sizes = { latentDim, pixels: sizeOf(imageShape) };
    checkCodebookMemory(model);
    this.#model = model;
    this.#imageShape = imageShape;
    this.#data = data;
    const startsAsTorch = model.initializer !== undefined;
    this.#encoder = new BuiltNetwork('encoder', model.encoder, imageShape, startsAsTorch);
    this.#decoder = new BuiltNetwork('decoder', model.decoder, imageShape, startsAsTorch);
    this.#heads = heads[model.kind](model);
    this.#output = new OutputLayer(imageShape, likelihood, startsAsTorch);
    this.conditionClasses = conditionClasses(model, data);
    this.#condition = this.conditionClasses === undefined ? undefined : new Condition(imageShape);
    if (startsAsTorch) for (const { layer } of [...this.#heads.layers, ...this.#condition?.layers ?? []]) leaveStart(layer);
    this.#own = {
      likelihood: new OwnVariables('likelihood', likelihoodEntry(likelihood).variables?.(likelihood)), prior: new OwnVariables('prior', priorEntry(prior).variables?.(prior, sizes)),
      objective: new OwnVariables('objective', objectiveEntry(objective).variables?.(objective, sizes)),
    };
  }

  /** Makes the weights by passing two black images through. @throws TypeError for shapes that do not fit. */
  initialize(): void {
    tf.tidy(() => {
      const rows = this.conditionClasses === undefined ? undefined : tf.zeros([2, this.conditionClasses]);
      this.#decode(this.#encode(tf.zeros([2, ...this.#imageShape]), false, rows).mean, false, rows);
    });
    if (this.#model.initializer) this.#initializeAsTorch();
    const { likelihood, prior, objective } = this.#own;
    for (const own of [likelihood, prior, objective]) own.initialize();
    this.#weights = [
      ...(this.#condition?.layers ?? []).flatMap(layerVariables),
      ...this.#encoder.variables(),
      ...this.#heads.layers.flatMap(layerVariables),
      ...this.#decoder.variables(),
      ...this.#output.layers.flatMap(layerVariables),
      ...likelihood.variables, ...prior.variables, ...objective.variables,
    ];
  }

  #initializeAsTorch(): void {
    for (const network of [this.#encoder, this.#decoder]) network.initializeAsTorch();
    initializeLayersAsTorch([...this.#condition?.layers ?? [], ...this.#heads.layers, ...this.#output.layers]);
  }

  /** All weights, batch-norm averages included, under the checkpoint's names. */
  get weights(): readonly NamedVariable[] { return this.#weights; }
  get trainable(): readonly NamedVariable[] { return this.#weights.filter((weight) => weight.trainable); }

  /** The code of images [batch, height, width, channels]. */
  #encode(x: tf.Tensor, training: boolean, rows?: tf.Tensor): Code {
    return this.#heads.apply(this.#encoder.apply(this.#condition && rows ? this.#condition.onImages(x, rows) : x, training));
  }

  /** What the decoder is given, [batch, latent], to the likelihood's parameters. */
  #decode(z: tf.Tensor, training: boolean, rows?: tf.Tensor): tf.Tensor {
    const { codeShape } = this.#heads;
    const code = this.#condition && rows ? this.#condition.onCode(z, rows) : codeShape ? tf.reshape(z, [z.shape[0] ?? 0, ...codeShape]) : z;
    return this.#output.apply(this.#decoder.apply(code, training));
  }

  /** The code as views show it: where the prior is carried along by a map, its mean is too, and its log-variance to first order. */
  encode(x: tf.Tensor, rows?: tf.Tensor): Code {
    const { prior } = this.#model;
    const { transport, standardize } = priorEntry(prior);
    const { mean, logVariance } = this.#encode(x, false, rows);
    if (standardize) return { mean: standardize.from(prior, mean, { variables: this.#own.prior.byName }) };
    const indices = objectiveEntry(this.#model.objective).codebook?.indices(this.#model.objective, mean, this.#own.objective.byName);
    if (indices) return { mean, indices: tf.cast(indices, 'float32') };
    if (!logVariance) return { mean };
    if (!transport) return { mean, logVariance };
    return { mean: transport.map(prior, mean), logVariance: tf.add(logVariance, tf.mul(transport.logSlope(prior, mean), 2)) };
  }

  /** z [batch, latent], as views show it, to pictures in [0, 1], [batch, pixels]. */
  pictures(z: tf.Tensor, rows?: tf.Tensor): tf.Tensor {
    const { likelihood, prior, objective } = this.#model;
    const code = objectiveEntry(objective).codebook?.quantize(objective, z, this.#own.objective.byName) ?? priorEntry(prior).standardize?.to(prior, z, { variables: this.#own.prior.byName }) ?? z;
    return likelihoodEntry(likelihood).mean(likelihood, this.#decode(code, false, rows));
  }

  /** Whether draws from the prior are more than standard normal noise. */
  get drawsPrior(): boolean {
    const { sample, transport } = priorEntry(this.#model.prior);
    return sample !== undefined || transport !== undefined || objectiveEntry(this.#model.objective).codebook !== undefined;
  }
  /** Draws from the prior, as views show it, of noise [n, latent], standard normal, and choices [n], uniform. */
  drawPrior(noise: tf.Tensor, choices: tf.Tensor): tf.Tensor {
    const { prior, objective } = this.#model;
    const entry = priorEntry(prior);
    const drawn = objectiveEntry(objective).codebook?.draw(objective, noise, this.#own.objective.byName);
    if (drawn) return drawn;
    const z = entry.sample?.(prior, noise, choices, { variables: this.#own.prior.byName }) ?? noise;
    return entry.transport?.map(prior, z) ?? z;
  }

  /** The loss and its parts. @throws TypeError in a sentence where the objective does not give parts */
  losses(inputs: StepInputs, training: boolean): Losses {
    const { objective } = this.#model;
    return lossOf(objectiveEntry(objective).parts(objective, this.#arguments(inputs, samplesOf(objective), training)));
  }

  /** What single draws from the posterior say, `samples` of them an example, whatever the objective (`Terms`); of a code that is a point, only what is decoded from it, the same for each draw. */
  terms(inputs: StepInputs, samples: number): { [name in keyof Terms]: tf.Tensor } {
    const { objective, kind } = this.#model;
    if (codeOf[kind] === 'point') {
      const { z, decode, negativeLogLikelihood } = this.#arguments(inputs, 1, false);
      const code = objectiveEntry(objective).codebook?.quantize(objective, z, this.#own.objective.byName) ?? z;
      return { reconstruction: tf.tile(negativeLogLikelihood(decode(code)), [samples]) };
    }
    const { z, decode, negativeLogLikelihood, prior, posterior } = this.#arguments(inputs, samples, false);
    const reconstruction = negativeLogLikelihood(decode(z));
    return { reconstruction, logWeight: tf.sub(tf.sub(prior.logDensity(z), posterior.logDensity(z)), reconstruction), kl: prior.kl() };
  }

  #arguments({ x, corrupted = x, noise, labels, hyperparameters }: StepInputs, samples: number, training: boolean): ObjectiveArguments {
    const { likelihood, prior } = this.#model;
    const { transport, observe } = priorEntry(prior);
    const flat = tf.reshape(x, [x.shape[0] ?? 0, -1]);
    const rows = this.#condition && labels?.();
    const posterior = this.#encode(corrupted, training, rows);
    if (training) observe?.(prior, posterior.mean, { variables: this.#own.prior.byName });
    return bindArguments({
      likelihood, prior, posterior, x: flat, noise, samples, hyperparameters, labels: rows ? () => rows : labels, datasetSize: this.#data.trainCount, training,
      decode: (z) => this.#decode(transport?.map(prior, z) ?? z, training, rows),
      variables: { likelihood: this.#own.likelihood.byName, prior: this.#own.prior.byName, objective: this.#own.objective.byName },
    });
  }

  dispose(): void {
    for (const { variable } of this.#weights) if (!variable.isDisposed) variable.dispose();
    this.#weights = [];
  }
}
