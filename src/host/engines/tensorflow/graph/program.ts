import assert from 'node:assert';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { HyperparameterValues } from '../../../../spec/hyperparameters';
import type { VaeModel } from '../../../../vae/model';
import { errorText } from '../../../../protocol/errorText';
import { onBackend } from '../../backends';
import { bucketOf, filled } from '../../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../../checkpoint';
import { NotCompilableError } from '../../compiled/graph';
import { GRADIENT, Steps } from '../../compiled/step';
import { fillAsEager, fillFrom, noNoise } from '../../compiled/stepNoise';
import type { Traced } from '../../compiled/trace/index';
import { UnsupportedModelError, type Batch, type ImageShape, type NamedTensor, type Program, type StepParts } from '../../engine';
import { withSeededMath } from '../../seededMath';
import { sizeOf } from '../../sizeOf';
import { VaeNetwork } from '../../vaeNetwork';
import { explainTensorflow } from '../failures';
import { graphOptimizer } from './optimizers';
import type { Handle } from './session';
import { TrainingGraph } from './training';
import { ViewGraph } from './view';

/** A VAE whose training step was traced once and became one TensorFlow graph, its optimizer inside and its state on the device. Other graphs are given the weights. */
export class GraphProgram implements Program {
  readonly #views = new Map<string, ViewGraph>();
  readonly #steps: Steps;
  readonly #latentDim: number;
  readonly #imageSize: number;
  #training: { readonly count: number; readonly graph: TrainingGraph } | undefined;
  #weights: { readonly handles: ReadonlyMap<string, Handle>; readonly release: () => void } | undefined;
  #updates = 0;

  private constructor(private readonly binding: TFJSBinding, private readonly network: VaeNetwork, private readonly model: VaeModel, imageShape: ImageShape) {
    this.#steps = new Steps(network, imageShape, model.latentDim);
    this.#latentDim = model.latentDim;
    this.#imageSize = sizeOf(imageShape);
  }

  /** Builds the weights under `seed`, and the graph for the model's batch size. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(binding: TFJSBinding, model: VaeModel, seed: number, imageShape: ImageShape): Promise<GraphProgram> {
    const network = await onBackend('cpu', () => withSeededMath(seed, () => {
      const made = new VaeNetwork(model, imageShape);
      made.initialize();
      return made;
    }));
    const program = new GraphProgram(binding, network, model, imageShape);
    try {
      await program.#tryStep();
    } catch (error) {
      program.dispose();
      if (error instanceof NotCompilableError) throw new UnsupportedModelError(error.madeAt === undefined ? `TensorFlow cannot run a step of this model as one graph. ${error.message}` : `TensorFlow cannot run a step of this model as one graph. ${error.message} (${error.madeAt})`);
      throw error;
    }
    return program;
  }

  /** What TensorFlow refuses, it refuses when a graph is first run, which also takes longest. */
  async #tryStep(): Promise<void> {
    const { batchSize: count } = this.model.training;
    const training = await this.#trainingFor(count);
    const before = await this.getState();
    await this.step({ count, data: new Float32Array(count * this.#imageSize) }, new Float32Array(count * this.#latentDim), { learningRate: 0, beta: 1 });
    training.write(before);
    this.#updates = 0;
  }

  /** The training graph for so many examples; it takes the state along from the last one. */
  async #trainingFor(count: number): Promise<TrainingGraph> {
    if (this.#training?.count === count) return this.#training.graph;
    const traced = await onBackend('cpu', () => this.#steps.training(count));
    const { network, model } = this;
    const weights = network.weights.map(({ name, variable: { shape } }) => ({ name, shape }));
    const graph = new TrainingGraph(this.binding, traced, weights, network.trainable.map(({ name }) => name), graphOptimizer(model.training.optimizer));
    const last = this.#training?.graph;
    graph.write(last ? last.read() : await onBackend('cpu', () => network.weights.map(({ name, variable }) => ({ name, shape: variable.shape, data: Float32Array.from(variable.dataSync()) }))));
    this.#forgetWeights();
    last?.dispose();
    this.#training = { count, graph };
    return graph;
  }
  get #current(): TrainingGraph {
    assert(this.#training, 'the program was disposed of');
    return this.#training.graph;
  }
  async #view(key: string, make: () => Traced, wanted?: (output: string) => boolean): Promise<ViewGraph> {
    const known = this.#views.get(key);
    if (known) return known;
    const view = new ViewGraph(this.binding, await onBackend('cpu', make), new Set(this.network.weights.map(({ name }) => name)), wanted);
    this.#views.set(key, view);
    return view;
  }
  #forgetWeights(): void {
    this.#weights?.release();
    this.#weights = undefined;
  }
  #heldWeights(): ReadonlyMap<string, Handle> { return (this.#weights ??= this.#current.weights()).handles; }

  async step({ count, data }: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(count, async () => {
      const training = await this.#trainingFor(count);
      this.#forgetWeights();
      return partsOf(training.step({ x: data, noise, ...scalarsOf(hyperparameters) }, hyperparameters.learningRate, ++this.#updates, fillFrom(noise)));
    });
  }

  async gradients({ count, data }: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    return this.#run(count, async () => {
      const view = await this.#view(`gradients ${count}`, () => this.#steps.training(count), (name) => name.startsWith(GRADIENT));
      const fill = await fillAsEager(view.noise, noise); // before the weights are taken: a step in between would release them
      const made = view.run(this.#heldWeights(), { x: data, noise, ...scalarsOf(hyperparameters) }, fill);
      return this.network.weights.flatMap(({ name, variable: { shape } }) => {
        const gradient = made.get(`${GRADIENT}${name}`);
        return gradient ? [{ name, shape, data: gradient }] : [];
      });
    });
  }

  async evaluate({ count, data }: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(count, async () => {
      const view = await this.#view(`evaluation ${count}`, () => this.#steps.evaluation(count));
      const parts = view.run(this.#heldWeights(), { x: data, noise, ...scalarsOf(hyperparameters) }, fillFrom(noise));
      return partsOf(new Map([...parts].map(([name, values]) => [name, values[0] ?? NaN])));
    });
  }

  async encode({ count, data }: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
    const bucket = bucketOf(count);
    return this.#run(bucket, async () => {
      const view = await this.#view(`encoding ${bucket}`, () => this.#steps.encoding(bucket));
      const made = view.run(this.#heldWeights(), { x: filled(data, bucket * this.#imageSize) }, noNoise);
      const first = (name: string): Float32Array => (made.get(name) ?? new Float32Array(0)).slice(0, count * this.#latentDim);
      return { mean: first('mean'), logVariance: first('logVariance') };
    });
  }

  async decode(z: Float32Array, count: number): Promise<Float32Array> {
    const bucket = bucketOf(count);
    return this.#run(bucket, async () => {
      const view = await this.#view(`decoding ${bucket}`, () => this.#steps.decoding(bucket));
      const made = view.run(this.#heldWeights(), { z: filled(z, bucket * this.#latentDim) }, noNoise);
      return (made.get('pictures') ?? new Float32Array(0)).slice(0, count * this.#imageSize);
    });
  }

  #run<T>(count: number, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => { throw error instanceof NotCompilableError ? error : explainTensorflow(error, count) ?? graphFailure(error); });
  }

  async getState(): Promise<NamedTensor[]> { return [...this.#current.read(), { name: UPDATES, shape: [1], data: Float32Array.of(this.#updates) }]; }

  async setState(state: readonly NamedTensor[]): Promise<void> {
    this.#current.write(tensorsOf(state, this.#current.tensors));
    this.#forgetWeights();
    this.#updates = updatesOf(state);
  }

  dispose(): void {
    this.#forgetWeights();
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
    this.#training?.graph.dispose();
    this.#training = undefined;
    this.network.dispose();
  }
}

/** Hyperparameters that the traced losses take as inputs. */
const scalarsOf = ({ beta }: HyperparameterValues): Record<string, Float32Array> => ({ beta: Float32Array.of(beta) });
const partsOf = (parts: ReadonlyMap<string, number>): StepParts => ({ loss: parts.get('loss') ?? NaN, reconstruction: parts.get('reconstruction') ?? NaN, kl: parts.get('kl') ?? NaN });

/** TensorFlow's own words, which no one but developers can do anything with. */
function graphFailure(error: unknown): unknown {
  if (!/^(Session fail to run|Failed to load SavedModel)/.test(errorText(error))) return error;
  console.error(error);
  return new UnsupportedModelError('TensorFlow refused the graph of a training step; the log of the run says why.');
}
