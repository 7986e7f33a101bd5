import * as tf from '@tensorflow/tfjs';
import type { VaeModel } from '../../vae/model';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import { firstValues, hyperparametersOf } from '../../vae/hyperparameters';
import { samplesOf } from '../../vae/objectives/index';
import { onBackend, type BackendName } from './backends';
import { tensorsOf, UPDATES, updatesOf } from './checkpoint';
import { spreadOfPoints } from './codeHeads';
import { conditionsOf, givenConditions } from './condition';
import { gradientsEagerly } from './eager';
import { forView, isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type DataFacts, type EagerGradients, type Encoded, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms } from './engine';
import { isMissingKernel, kernelNamedBy } from './network';
import { firstNonFinite } from './nonFinite';
import { clipped, globalNorm, sumOfSquares, watchWeights, type SquaredNorm } from './norms';
import { freeingTensors } from './freeingTensors';
import { oneHot } from './oneHot';
import { PlainOptimizer, stateOf, type MakeOptimizer, type Optimizer, type Pair, type StateTensor } from './optimizer';
import { seedOf, withSeededMath } from './seededMath';
import { sizeOf } from './sizeOf';
import { freeTape } from './tape';
import { VaeNetwork, type Losses, type StepInputs } from './vaeNetwork';

/** Where a backend has a way of its own. */
export interface BackendsOwn {
  readonly makeOptimizer: MakeOptimizer;
  readonly squaredNorm?: SquaredNorm;
  /** An error of the backend's in words a person can act on; undefined for those it does not know. */
  readonly explain?: (error: unknown, batchSize: number) => Error | undefined;
}
const plain: BackendsOwn = { makeOptimizer: (description, weights) => new PlainOptimizer(description, weights) };

/** A VAE as eager TensorFlow.js operations on one backend. */
export class TfjsProgram implements Program {
  readonly #backend: BackendName;
  readonly #model: VaeModel;
  readonly #imageShape: ImageShape;
  readonly #classes: number | undefined;
  readonly #samples: number;
  /** What the model starts with. */
  readonly #values: HyperparameterValues;
  readonly #network: VaeNetwork;
  readonly #own: BackendsOwn;
  #optimizer: Optimizer | undefined;

  private constructor(backend: BackendName, model: VaeModel, imageShape: ImageShape, data: DataFacts | undefined, own: BackendsOwn) {
    this.#backend = backend;
    this.#model = model;
    this.#imageShape = imageShape;
    this.#own = own;
    this.#classes = data?.classes;
    this.#samples = samplesOf(model.objective);
    this.#values = firstValues(hyperparametersOf(model));
    this.#network = new VaeNetwork(model, imageShape, data);
  }

  /** Builds the weights under `seed` and tries one gradient. @throws UnsupportedModelError, or TypeError for shapes that do not fit. */
  static async build(backend: BackendName, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts, own: BackendsOwn = plain): Promise<TfjsProgram> {
    return onBackend(backend, () => withSeededMath(seed, () => {
      const program = new TfjsProgram(backend, model, imageShape, data, own);
      try {
        program.#initialize();
      } catch (error) {
        program.dispose();
        if (!isMissingKernel(error)) throw own.explain?.(error, model.training.batchSize) ?? error;
        throw new UnsupportedModelError(`The engine "${backend}" cannot train this model: it lacks an operation or gradient the model needs (${kernelNamedBy(error) ?? 'unknown'}).`);
      }
      return program;
    }));
  }

  #initialize(): void {
    this.#network.initialize();
    this.#optimizer = this.#own.makeOptimizer(this.#model.training.optimizer, this.#network.trainable);
    // A gradient on two black images finds what the backend lacks before training starts. training: false leaves averages alone.
    const black = { count: 2, data: new Float32Array(2 * sizeOf(this.#imageShape)), ...(this.#classes === undefined ? {} : { labels: new Int32Array(2) }) };
    const noise = new Float32Array(2 * this.#samples * this.#model.latentDim);
    tf.tidy(() => { release(this.#gradients(this.#inputs(black, noise, this.#values), false).losses); });
  }

  #gradients(inputs: StepInputs, training: boolean): { losses: Losses; pairs: Pair[] } {
    const { trainable } = this.#network;
    let losses: Losses | undefined;
    let grads: Record<string, tf.Tensor>;
    try {
      ({ grads } = tf.variableGrads(() => {
        losses = kept(this.#network.losses(inputs, training));
        return losses.loss;
      }, trainable.map((weight) => weight.variable)));
    } catch (error) {
      if (losses) release(losses);
      freeTape();
      throw error;
    }
    if (!losses) throw new Error('The loss was not computed.');
    const pairs = trainable.flatMap((weight) => {
      const gradient = grads[weight.variable.name];
      return gradient ? [{ weight, gradient }] : [];
    });
    return { losses, pairs };
  }

  #pictures(values: Float32Array, count: number): tf.Tensor { return tf.tensor(values, [count, ...this.#imageShape]); }
  #inputs({ count, data, corrupted, labels }: Batch, noise: Float32Array, given: HyperparameterValues, samples = this.#samples): StepInputs {
    const { learningRate: _, ...own } = this.#values;
    const classes = this.#classes;
    return {
      x: this.#pictures(data, count), corrupted: corrupted && this.#pictures(corrupted, count), noise: tf.tensor(noise, [samples * count, this.#model.latentDim]),
      labels: labels && classes !== undefined ? () => tf.tensor(oneHot(labels, classes), [count, classes]) : undefined,
      hyperparameters: Object.fromEntries(Object.entries(own).map(([name, value]) => [name, tf.scalar(given[name] ?? value)])),
    };
  }

  #read(losses: Losses): StepParts {
    const number = (scalar: tf.Scalar): number => scalar.dataSync()[0] ?? NaN;
    const read = { loss: number(losses.loss), parts: Object.fromEntries(Object.entries(losses.parts).map(([name, part]) => [name, number(part)])) };
    release(losses);
    return read;
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    const { clipNorm } = this.#model.training;
    const squaredNorm = this.#own.squaredNorm ?? sumOfSquares;
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => freeingTensors(() => {
      const { losses, pairs } = this.#gradients(this.#inputs(batch, noise, hyperparameters), true);
      const parts = this.#read(losses);
      if (!Number.isFinite(parts.loss)) return { ...parts, gradientNorm: NaN };
      const norm = globalNorm(pairs, squaredNorm);
      const gradientNorm = norm.dataSync()[0] ?? NaN;
      if (!Number.isFinite(gradientNorm)) return { ...parts, gradientNorm };
      const normsAfter = perWeight ? watchWeights(pairs, squaredNorm) : undefined;
      this.#optimizer?.apply(clipNorm === undefined ? pairs : clipped(pairs, norm, clipNorm), hyperparameters.learningRate);
      return { ...parts, gradientNorm, ...(normsAfter ? { weights: normsAfter() } : {}) };
    })));
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => freeingTensors(() => {
      const assigned = this.#network.weights.filter(({ trainable }) => !trainable).map(({ variable }) => ({ variable, before: tf.clone(variable) }));
      const { losses, pairs } = this.#gradients(this.#inputs(batch, noise, hyperparameters), true);
      release(losses);
      for (const { variable, before } of assigned) variable.assign(before);
      return pairs.map(({ weight: { name }, gradient }) => ({ name, shape: gradient.shape, data: copy(gradient) }));
    })));
  }

  async eagerGradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<EagerGradients> {
    const state = await this.getState();
    const values = new Map(state.map(({ name, data }) => [name, data]));
    try {
      return await gradientsEagerly(this.#network, values, noise, () => this.#network.losses(this.#inputs(batch, noise, hyperparameters), true).loss);
    } finally {
      await this.setState(state); // the weights are the other backend's now
    }
  }

  async #run<T>({ count }: Batch, work: () => T): Promise<T> {
    return onBackend(this.#backend, work).catch((error: unknown) => { throw this.#own.explain?.(error, count) ?? (isOutOfMemory(error) ? new OutOfMemoryError(count) : error); });
  }
  /** What only looks says so when it does not fit. */
  async #look<T>(count: number, work: () => T): Promise<T> {
    return forView(this.#run({ count, data: new Float32Array(0) }, () => freeingTensors(work)), count);
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => freeingTensors(() => this.#read(this.#network.losses(this.#inputs(batch, noise, hyperparameters), false)))));
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    return this.#look(samples * batch.count, () => withSeededMath(seedOf(noise), () => freeingTensors(() => {
      const { reconstruction, logWeight, kl } = this.#network.terms(this.#inputs(batch, noise, hyperparameters, samples), samples);
      return { reconstruction: copy(reconstruction), ...(logWeight ? { logWeight: copy(logWeight) } : {}), ...(kl ? { kl: copy(kl) } : {}) };
    })));
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => freeingTensors(() => {
      const inputs = this.#inputs(batch, noise, hyperparameters);
      return firstNonFinite(this.#network.weights, () => this.#network.losses(inputs, training).loss, training);
    })));
  }

  async encode(batch: Batch): Promise<Encoded> {
    return this.#look(batch.count, () => {
      const classes = this.#network.conditionClasses;
      const rows = classes === undefined ? undefined : tf.tensor(conditionsOf(batch.labels, classes), [batch.count, classes]);
      const { mean, logVariance, indices } = this.#network.encode(this.#pictures(batch.corrupted ?? batch.data, batch.count), rows);
      return { mean: copy(mean), logVariance: logVariance ? copy(logVariance) : spreadOfPoints(mean.size), ...(indices ? { indices: copy(indices) } : {}) };
    });
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.#network.drawsPrior) return noise;
    return this.#look(count, () => copy(this.#network.drawPrior(tf.tensor(noise, [count, this.#model.latentDim]), tf.tensor(choices, [count]))));
  }

  async decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array> {
    const classes = this.#network.conditionClasses;
    return this.#look(count, () => copy(this.#network.pictures(tf.tensor(z, [count, this.#model.latentDim]), classes === undefined ? undefined : tf.tensor(givenConditions(conditions), [count, classes]))));
  }

  #state(): StateTensor[] {
    return [...this.#network.weights.map(stateOf), ...(this.#optimizer?.slots ?? [])];
  }

  async getState(): Promise<NamedTensor[]> {
    return onBackend(this.#backend, () => [
      ...this.#state().map(({ name, shape, read }) => ({ name, shape, data: freeingTensors(() => copy(read())) })),
      { name: UPDATES, shape: [1], data: Float32Array.of(this.#optimizer?.updates ?? 0) },
    ]);
  }

  async setState(state: readonly NamedTensor[]): Promise<void> {
    return onBackend(this.#backend, () => tf.tidy(() => {
      const own = this.#state();
      tensorsOf(state, own).forEach(({ shape, data }, i) => { own[i]?.assign(tf.tensor(data.slice(), [...shape])); });
      if (this.#optimizer) this.#optimizer.updates = updatesOf(state);
    }));
  }

  dispose(): void {
    this.#network.dispose();
    this.#optimizer?.dispose();
    this.#optimizer = undefined;
  }
}

const scalarsOf = ({ loss, parts }: Losses): tf.Scalar[] => [loss, ...Object.values(parts)];
/** Past the end of a scope, until they are released. */
function kept(losses: Losses): Losses {
  for (const scalar of scalarsOf(losses)) tf.keep(scalar);
  return losses;
}
const release = (losses: Losses): void => { tf.dispose(scalarsOf(losses)); };

/** The values as an array of their own: TensorFlow.js may hand out its own memory. */
const copy = (tensor: tf.Tensor): Float32Array => new Float32Array(tensor.dataSync());

