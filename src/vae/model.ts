import type * as tf from '@tensorflow/tfjs';
import { dataKinds, isDataKind, type DataDescription } from './data/index';
import { hyperparametersOf } from './hyperparameters';
import { inRange } from './inRange';
import { isInitializer, type Initializer } from './initializers';
import { bernoulli, likelihoods, type Likelihood } from './likelihoods/index';
import { elbo, objective as own, objectives, type Objective, type ObjectiveFunction } from './objectives/index';
import { adam, optimizerKinds, type OptimizerDescription } from './optimizers';
import { priors, standardNormal, type Prior } from './priors/index';

/** What a builder may use. */
export interface BuilderTools {
  /** TensorFlow.js's `tf.layers`: `layers.dense({ units: 400, activation: 'relu' })`, `layers.conv2d(...)`, `layers.flatten()`. */
  readonly layers: typeof tf.layers;
  /** A trainable weight of your own, for builders that return a function of tensors. Initialised Glorot-uniform, or zero for a vector. */
  variable(name: string, shape: number[]): tf.Variable;
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

export interface VaeConfig {
  /** What to learn: `mnist()`, `sprites()`, `imageFolder('pictures')` or another data set. */
  readonly data: DataDescription;
  /** Dimensions of the latent space. */
  readonly latentDim: number;
  /** From images [batch, height, width, channels] to features; the heads for mean and log-variance are added. */
  readonly encoder: Builder;
  /**
   * From latents [batch, latentDim] to features; the output layer is added: a dense layer to all pixels, or, where the
   * features are already [batch, height, width, k], a 1x1 convolution to the channels.
   */
  readonly decoder: Builder;
  /** Of a pixel given the decoder's output; default `bernoulli()`. */
  readonly likelihood?: Likelihood;
  /** Of z; default `standardNormal()`. */
  readonly prior?: Prior;
  /** The posterior's log-variance is kept between minus this and this, so that its exponential stays finite; default 30. Smaller where a loss diverges. */
  readonly logVarianceLimit?: number;
  /** Default `elbo({ beta: 1 })`. Your own: a function that gives the named parts of the loss, or `objective({ ... })`. */
  readonly objective?: Objective | ObjectiveFunction<never, never>;
  /** How weights start where a layer does not say; default: as TensorFlow's layers do (Glorot-uniform kernels, biases 0). */
  readonly initializer?: Initializer;
  readonly training?: TrainingOptions;
}

const brand = Symbol.for('vae-lab.model');

/** A model as data, every default filled in. Nothing is allocated until an engine builds it. */
export interface VaeModel {
  readonly kind: 'vae';
  readonly data: DataDescription;
  readonly latentDim: number;
  readonly encoder: Builder;
  readonly decoder: Builder;
  readonly likelihood: Likelihood;
  readonly prior: Prior;
  readonly objective: Objective;
  readonly logVarianceLimit: number;
  readonly initializer?: Initializer;
  readonly training: Required<Omit<TrainingOptions, 'clipNorm'>> & Pick<TrainingOptions, 'clipNorm'>;
}

const known: Record<keyof VaeConfig, true> = { data: true, latentDim: true, encoder: true, decoder: true, likelihood: true, prior: true, logVarianceLimit: true, objective: true, initializer: true, training: true };
const knownTraining: Record<keyof TrainingOptions, true> = { epochs: true, batchSize: true, optimizer: true, clipNorm: true, seed: true };

function check(holds: boolean, sentence: string): void {
  if (!holds) throw new TypeError(`vae(): ${sentence}`);
}
function rejectUnknown(given: object, names: object, where: string): void {
  for (const name of Object.keys(given)) {
    check(Object.hasOwn(names, name), `${where} has no option "${name}". Known: ${Object.keys(names).join(', ')}.`);
  }
}
function whole(name: string, value: number, low: number, high: number): void {
  check(Number.isInteger(value) && value >= low && value <= high, `${name} must be a whole number from ${low} to ${high}; got ${String(value)}.`);
}
function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}

const isOf = (catalogue: object, description: unknown): boolean => Object.hasOwn(catalogue, String(kindOf(description)));
/** The functions that give a catalogue's descriptions; a person's own objective has another name. */
const called = (catalogue: object): string => Object.keys(catalogue).filter((kind) => kind !== 'own').map((kind) => `${kind}()`).join(', ');

/**
 * A variational autoencoder (Kingma & Welling 2014): an encoder, a decoder, and what to train them on.
 * Give `data`, `latentDim`, `encoder` and `decoder`; the rest has defaults.
 * @throws TypeError, in one sentence, when an option is missing, unknown or out of range.
 */
export function vae(config: VaeConfig): VaeModel {
  check(typeof config === 'object' && config !== null, 'give an object with data, latentDim, encoder and decoder.');
  rejectUnknown(config, known, 'the model');
  check(isDataKind(kindOf(config.data)), `data must be made by one of ${dataKinds.map((kind) => `${kind}()`).join(', ')}.`);
  whole('latentDim', config.latentDim, 1, 4096);
  check(typeof config.encoder === 'function', 'encoder must be a function such as ({ layers }) => [layers.flatten(), layers.dense({ units: 400 })].');
  check(typeof config.decoder === 'function', 'decoder must be a function such as ({ layers }) => [layers.dense({ units: 400 })].');
  const likelihood = config.likelihood ?? bernoulli();
  const prior = config.prior ?? standardNormal();
  const objective = typeof config.objective === 'function' ? own({ parts: config.objective }) : config.objective ?? elbo();
  check(isOf(likelihoods, likelihood), `likelihood must be one of ${called(likelihoods)}.`);
  check(isOf(priors, prior), `prior must be one of ${called(priors)}.`);
  check(isOf(objectives, objective), `objective must be one of ${called(objectives)}, objective({ parts }) or a function that gives the parts of the loss.`);
  const { initializer, logVarianceLimit = 30 } = config;
  inRange('vae', 'logVarianceLimit', logVarianceLimit, 0, 60, false);
  check(initializer === undefined || isInitializer(initializer), 'initializer must be initializers.torchDefault().');
  const given = config.training ?? {};
  check(typeof given === 'object' && given !== null, 'training must be an object such as { epochs: 10 }.');
  rejectUnknown(given, knownTraining, 'training');
  const training = { epochs: given.epochs ?? 10, batchSize: given.batchSize ?? 128, optimizer: given.optimizer ?? adam(), seed: given.seed ?? 1, ...(given.clipNorm === undefined ? {} : { clipNorm: given.clipNorm }) };
  whole('training.epochs', training.epochs, 1, 1_000_000);
  whole('training.batchSize', training.batchSize, 1, 65_536);
  whole('training.seed', training.seed, 0, 0xffffffff);
  check(Object.hasOwn(optimizerKinds, String(kindOf(training.optimizer))), 'training.optimizer must be adam(), adamw(), sgd() or rmsprop().');
  if (training.clipNorm !== undefined) inRange('vae', 'training.clipNorm', training.clipNorm, 0, 1e9, false);
  const { data, latentDim, encoder, decoder } = config;
  const model: VaeModel = { kind: 'vae', data, latentDim, encoder, decoder, likelihood, prior, logVarianceLimit, objective, training, ...(initializer ? { initializer } : {}) };
  hyperparametersOf(model); // names two parts of it share are refused here
  return Object.defineProperty(model, brand, { value: true });
}

/** Whether a value was made by `vae()`, whichever copy of this library made it. */
export function isVaeModel(value: unknown): value is VaeModel {
  return typeof value === 'object' && value !== null && brand in value;
}
