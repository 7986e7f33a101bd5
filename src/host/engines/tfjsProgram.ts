import * as tf from '@tensorflow/tfjs';
import type { VaeModel } from '../../vae/model';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import { onBackend, type BackendName } from './backends';
import { tensorsOf, UPDATES, updatesOf } from './checkpoint';
import { isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult } from './engine';
import { isMissingKernel, kernelNamedBy } from './network';
import { firstNonFinite } from './nonFinite';
import { clipped, globalNorm, sumOfSquares, watchWeights, type SquaredNorm } from './norms';
import { numbersOf } from './numbersOf';
import { PlainOptimizer, stateOf, type MakeOptimizer, type Optimizer, type Pair, type StateTensor } from './optimizer';
import { seedOf, withSeededMath } from './seededMath';
import { VaeNetwork, type Losses } from './vaeNetwork';

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
  readonly #network: VaeNetwork;
  readonly #own: BackendsOwn;
  #optimizer: Optimizer | undefined;

  private constructor(backend: BackendName, model: VaeModel, imageShape: ImageShape, own: BackendsOwn) {
    this.#backend = backend;
    this.#model = model;
    this.#imageShape = imageShape;
    this.#own = own;
    this.#network = new VaeNetwork(model, imageShape);
  }

  /** Builds the weights under `seed` and tries one gradient. @throws UnsupportedModelError, or TypeError for shapes that do not fit. */
  static async build(backend: BackendName, model: VaeModel, seed: number, imageShape: ImageShape, own: BackendsOwn = plain): Promise<TfjsProgram> {
    return onBackend(backend, () => withSeededMath(seed, () => {
      const program = new TfjsProgram(backend, model, imageShape, own);
      try {
        program.#initialize();
      } catch (error) {
        program.dispose();
        if (!isMissingKernel(error)) throw error;
        throw new UnsupportedModelError(`The engine "${backend}" cannot train this model: it lacks an operation or gradient the model needs (${kernelNamedBy(error) ?? 'unknown'}).`);
      }
      return program;
    }));
  }

  #initialize(): void {
    this.#network.initialize();
    this.#optimizer = this.#own.makeOptimizer(this.#model.training.optimizer, this.#network.trainable);
    // A gradient on two black images finds what the backend lacks before training starts. training: false leaves averages alone.
    tf.tidy(() => { tf.dispose({ ...this.#gradients(tf.zeros([2, ...this.#imageShape]), tf.zeros([2, this.#model.latentDim]), 1, false).losses }); });
  }

  #gradients(x: tf.Tensor, noise: tf.Tensor, beta: number, training: boolean, seen: tf.Tensor = x): { losses: Losses; pairs: Pair[] } {
    const { trainable } = this.#network;
    let losses: Losses | undefined;
    let grads: Record<string, tf.Tensor>;
    try {
      ({ grads } = tf.variableGrads(() => {
        const made = this.#network.losses(x, noise, beta, training, seen);
        losses = { loss: tf.keep(made.loss), reconstruction: tf.keep(made.reconstruction), kl: tf.keep(made.kl) };
        return made.loss;
      }, trainable.map((weight) => weight.variable)));
    } catch (error) {
      if (losses) tf.dispose({ ...losses });
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
  #inputs(batch: Batch, noise: Float32Array): { x: tf.Tensor; seen: tf.Tensor; eps: tf.Tensor } {
    const x = this.#pictures(batch.data, batch.count);
    return { x, seen: batch.corrupted ? this.#pictures(batch.corrupted, batch.count) : x, eps: tf.tensor(noise, [batch.count, this.#model.latentDim]) };
  }

  #read(losses: Losses): StepParts {
    const [loss, reconstruction, kl] = [losses.loss.dataSync()[0] ?? NaN, losses.reconstruction.dataSync()[0] ?? NaN, losses.kl.dataSync()[0] ?? NaN];
    tf.dispose([losses.loss, losses.reconstruction, losses.kl]);
    return { loss, reconstruction, kl };
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    const { clipNorm } = this.#model.training;
    const squaredNorm = this.#own.squaredNorm ?? sumOfSquares;
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => numbersOf(() => {
      const { x, seen, eps } = this.#inputs(batch, noise);
      const { losses, pairs } = this.#gradients(x, eps, hyperparameters.beta, true, seen);
      const parts = this.#read(losses);
      if (!Number.isFinite(parts.loss)) return { ...parts, gradientNorm: NaN };
      const norm = globalNorm(pairs, squaredNorm);
      const normsAfter = perWeight ? watchWeights(pairs, squaredNorm) : undefined;
      this.#optimizer?.apply(clipNorm === undefined ? pairs : clipped(pairs, norm, clipNorm), hyperparameters.learningRate);
      return { ...parts, gradientNorm: norm.dataSync()[0] ?? NaN, ...(normsAfter ? { weights: normsAfter() } : {}) };
    })));
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => numbersOf(() => {
      const { x, seen, eps } = this.#inputs(batch, noise);
      const { losses, pairs } = this.#gradients(x, eps, hyperparameters.beta, true, seen);
      tf.dispose({ ...losses });
      return pairs.map(({ weight: { name }, gradient }) => ({ name, shape: gradient.shape, data: copy(gradient) }));
    })));
  }

  async #run<T>({ count }: Batch, work: () => T): Promise<T> {
    return onBackend(this.#backend, work).catch((error: unknown) => { throw this.#own.explain?.(error, count) ?? (isOutOfMemory(error) ? new OutOfMemoryError(count) : error); });
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(batch, () => this.#read(tf.tidy(() => {
      const { x, seen, eps } = this.#inputs(batch, noise);
      return this.#network.losses(x, eps, hyperparameters.beta, false, seen);
    })));
  }

  async findNonFinite(batch: Batch, noise: Float32Array, { beta }: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    return this.#run(batch, () => withSeededMath(seedOf(noise), () => numbersOf(() => {
      const { x, seen, eps } = this.#inputs(batch, noise);
      return firstNonFinite(this.#network.weights, () => this.#network.losses(x, eps, beta, training, seen).loss);
    })));
  }

  async encode(batch: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
    return onBackend(this.#backend, () => numbersOf(() => {
      const { mean, logVariance } = this.#network.encode(this.#pictures(batch.corrupted ?? batch.data, batch.count), false);
      return { mean: copy(mean), logVariance: copy(logVariance) };
    }));
  }

  async decode(z: Float32Array, count: number): Promise<Float32Array> {
    return onBackend(this.#backend, () => numbersOf(() => copy(this.#network.pictures(tf.tensor(z, [count, this.#model.latentDim])))));
  }

  #state(): StateTensor[] {
    return [...this.#network.weights.map(stateOf), ...(this.#optimizer?.slots ?? [])];
  }

  async getState(): Promise<NamedTensor[]> {
    return onBackend(this.#backend, () => [
      ...this.#state().map(({ name, shape, read }) => ({ name, shape, data: numbersOf(() => copy(read())) })),
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

/** TensorFlow.js keeps what a gradient saved when that gradient throws. */
function freeTape(): void {
  const { state } = tf.engine();
  for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = [];
}
/** The values as an array of their own: TensorFlow.js may hand out its own memory. */
const copy = (tensor: tf.Tensor): Float32Array => new Float32Array(tensor.dataSync());

