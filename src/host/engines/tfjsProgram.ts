import * as tf from '@tensorflow/tfjs';
import { klDivergence, likelihoodMean, negativeLogLikelihood } from '../../vae/losses';
import type { VaeModel } from '../../vae/model';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import { onBackend, type BackendName } from './backends';
import { UnsupportedModelError, type Batch, type ImageShape, type NamedTensor, type Program, type StepParts } from './engine';
import { BuiltNetwork, isMissingKernel, type NamedVariable } from './network';
import { Optimizer } from './optimizer';
import { withSeededMath } from './seededMath';

/** Log-variance is kept in this range, so that its exponential stays finite. */
const LOG_VARIANCE_LIMIT = 30;
type Losses = { loss: tf.Scalar; reconstruction: tf.Scalar; kl: tf.Scalar };

/** A VAE as eager TensorFlow.js operations on one backend. */
export class TfjsProgram implements Program {
  readonly #backend: BackendName;
  readonly #model: VaeModel;
  readonly #imageShape: ImageShape;
  readonly #encoder: BuiltNetwork;
  readonly #decoder: BuiltNetwork;
  readonly #heads: readonly [tf.layers.Layer, tf.layers.Layer];
  #output: tf.layers.Layer | undefined;
  #weights: NamedVariable[] = [];
  #optimizer: Optimizer | undefined;

  private constructor(backend: BackendName, model: VaeModel, imageShape: ImageShape) {
    this.#backend = backend;
    this.#model = model;
    this.#imageShape = imageShape;
    this.#encoder = new BuiltNetwork('encoder', model.encoder);
    this.#decoder = new BuiltNetwork('decoder', model.decoder);
    this.#heads = [tf.layers.dense({ units: model.latentDim }), tf.layers.dense({ units: model.latentDim })];
  }

  /** Builds the weights under `seed` and tries one gradient. @throws UnsupportedModelError, or TypeError for shapes that do not fit. */
  static async build(backend: BackendName, model: VaeModel, seed: number, imageShape: ImageShape): Promise<TfjsProgram> {
    return onBackend(backend, () => withSeededMath(seed, () => {
      const program = new TfjsProgram(backend, model, imageShape);
      try {
        program.#initialize();
      } catch (error) {
        program.dispose();
        if (!isMissingKernel(error)) throw error;
        throw new UnsupportedModelError(`The engine "${backend}" cannot train this model: it lacks an operation or gradient the model needs (${what(error)}).`);
      }
      return program;
    }));
  }

  #initialize(): void {
    const [h, w, c] = this.#imageShape;
    tf.tidy(() => {
      const x = tf.zeros([2, h, w, c]);
      this.#decodeLogits(this.#encodeTensor(x, false).mean, false);
    });
    this.#weights = [
      ...this.#encoder.variables(),
      ...layerVariables('mean', this.#heads[0]), ...layerVariables('logVariance', this.#heads[1]),
      ...this.#decoder.variables(),
      ...(this.#output ? layerVariables('output', this.#output) : []),
    ];
    const trainable = this.#weights.filter((weight) => weight.trainable);
    this.#optimizer = new Optimizer(this.#model.training.optimizer, trainable);
    // A gradient on two black images finds what the backend lacks before training starts. training: false leaves averages alone.
    tf.tidy(() => { tf.dispose({ ...this.#gradients(tf.zeros([2, h, w, c]), tf.zeros([2, this.#model.latentDim]), 1, false).losses }); });
  }

  #encodeTensor(x: tf.Tensor, training: boolean): { mean: tf.Tensor; logVariance: tf.Tensor } {
    const features = this.#encoder.apply(x, training);
    const flat = features.rank === 2 ? features : tf.reshape(features, [x.shape[0] ?? 0, -1]);
    const mean = this.#heads[0].apply(flat) as tf.Tensor;
    const logVariance = this.#heads[1].apply(flat) as tf.Tensor;
    return { mean, logVariance: tf.clipByValue(logVariance, -LOG_VARIANCE_LIMIT, LOG_VARIANCE_LIMIT) };
  }

  /** The likelihood's parameter, [batch, pixels]. */
  #decodeLogits(z: tf.Tensor, training: boolean): tf.Tensor {
    const [h, w, c] = this.#imageShape;
    const features = this.#decoder.apply(z, training);
    const spatial = features.rank === 4 && features.shape[1] === h && features.shape[2] === w;
    this.#output ??= spatial ? tf.layers.conv2d({ filters: c, kernelSize: 1 }) : tf.layers.dense({ units: h * w * c });
    const count = z.shape[0] ?? 0;
    const input = spatial || features.rank === 2 ? features : tf.reshape(features, [count, -1]);
    return tf.reshape(this.#output.apply(input) as tf.Tensor, [count, h * w * c]);
  }

  #losses(x: tf.Tensor, noise: tf.Tensor, beta: number, training: boolean): Losses {
    const { mean, logVariance } = this.#encodeTensor(x, training);
    const z = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)); // reparameterize
    const flat = tf.reshape(x, [x.shape[0] ?? 0, -1]);
    const reconstruction = tf.mean(negativeLogLikelihood(this.#model.likelihood, flat, this.#decodeLogits(z, training))) as tf.Scalar;
    const kl = tf.mean(klDivergence(mean, logVariance)) as tf.Scalar;
    return { loss: tf.add(reconstruction, tf.mul(kl, beta)) as tf.Scalar, reconstruction, kl };
  }

  #gradients(x: tf.Tensor, noise: tf.Tensor, beta: number, training: boolean): { losses: Losses; pairs: { weight: NamedVariable; gradient: tf.Tensor }[] } {
    const trainable = this.#weights.filter((weight) => weight.trainable);
    let losses: Losses | undefined;
    let grads: Record<string, tf.Tensor>;
    try {
      ({ grads } = tf.variableGrads(() => {
        const made = this.#losses(x, noise, beta, training);
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

  #inputs(batch: Batch, noise: Float32Array): { x: tf.Tensor; eps: tf.Tensor } {
    return { x: tf.tensor(batch.data, [batch.count, ...this.#imageShape]), eps: tf.tensor(noise, [batch.count, this.#model.latentDim]) };
  }

  async #read(losses: Losses): Promise<StepParts> {
    const [loss, reconstruction, kl] = [losses.loss.dataSync()[0] ?? NaN, losses.reconstruction.dataSync()[0] ?? NaN, losses.kl.dataSync()[0] ?? NaN];
    tf.dispose([losses.loss, losses.reconstruction, losses.kl]);
    return { loss, reconstruction, kl };
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return onBackend(this.#backend, () => withSeededMath(bits(noise), () => this.#read(tf.tidy(() => {
      const { x, eps } = this.#inputs(batch, noise);
      const { losses, pairs } = this.#gradients(x, eps, hyperparameters.beta, true);
      this.#optimizer?.apply(pairs, hyperparameters.learningRate);
      return losses;
    }))));
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return onBackend(this.#backend, () => this.#read(tf.tidy(() => {
      const { x, eps } = this.#inputs(batch, noise);
      return this.#losses(x, eps, hyperparameters.beta, false);
    })));
  }

  async encode(batch: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
    return onBackend(this.#backend, () => tf.tidy(() => {
      const { mean, logVariance } = this.#encodeTensor(tf.tensor(batch.data, [batch.count, ...this.#imageShape]), false);
      return { mean: copy(mean), logVariance: copy(logVariance) };
    }));
  }

  async decode(z: Float32Array, count: number): Promise<Float32Array> {
    return onBackend(this.#backend, () => tf.tidy(() => copy(likelihoodMean(this.#model.likelihood, this.#decodeLogits(tf.tensor(z, [count, this.#model.latentDim]), false)))));
  }

  #stateVariables(): { name: string; variable: tf.Variable }[] {
    return [...this.#weights, ...(this.#optimizer?.slots ?? [])];
  }

  async getState(): Promise<NamedTensor[]> {
    return onBackend(this.#backend, () => [
      ...this.#stateVariables().map(({ name, variable }) => ({ name, shape: variable.shape, data: copy(variable) })),
      { name: 'optimizer/updates', shape: [1], data: Float32Array.of(this.#optimizer?.updates ?? 0) },
    ]);
  }

  async setState(state: readonly NamedTensor[]): Promise<void> {
    const byName = new Map(state.map((tensor) => [tensor.name, tensor]));
    return onBackend(this.#backend, () => tf.tidy(() => {
      for (const { name, variable } of this.#stateVariables()) {
        const saved = byName.get(name);
        if (!saved) throw new Error(`The checkpoint has no tensor "${name}"; it belongs to another model.`);
        if (saved.shape.join() !== variable.shape.join()) throw new Error(`The checkpoint's "${name}" has shape [${saved.shape.join(', ')}], the model's [${variable.shape.join(', ')}].`);
        variable.assign(tf.tensor(Float32Array.from(saved.data), [...saved.shape]));
      }
      if (this.#optimizer) this.#optimizer.updates = byName.get('optimizer/updates')?.data[0] ?? 0;
    }));
  }

  dispose(): void {
    for (const { variable } of this.#weights) if (!variable.isDisposed) variable.dispose();
    this.#optimizer?.dispose();
    this.#weights = [];
    this.#optimizer = undefined;
  }
}

function layerVariables(name: string, layer: tf.layers.Layer): NamedVariable[] {
  return layer.weights.map((weight) => ({ name: `${name}/${weight.originalName.split('/').at(-1) ?? ''}`, variable: weight.read() as tf.Variable, trainable: true }));
}
/** TensorFlow.js keeps what a gradient saved when that gradient throws. */
function freeTape(): void {
  const { state } = tf.engine();
  for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = [];
}
/** The values as an array of their own: TensorFlow.js may hand out its own memory. */
const copy = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());
/** A seed for dropout that follows from the step's noise. */
const bits = (noise: Float32Array): number => new Uint32Array(Float32Array.of(noise[0] ?? 0).buffer)[0] ?? 0;
const what = (error: unknown): string => (/kernel '?(\w+)'?/i.exec(error instanceof Error ? error.message : '')?.[1] ?? 'unknown');
