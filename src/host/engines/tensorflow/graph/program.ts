import assert from 'node:assert';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { HyperparameterValues } from '../../../../spec/hyperparameters';
import type { VaeModel } from '../../../../vae/model';
import { errorText } from '../../../../protocol/errorText';
import { onBackend } from '../../backends';
import { bucketOf } from '../../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../../checkpoint';
import { fingerprintOf } from '../../compiled/fingerprint';
import { NotCompilableError } from '../../compiled/graph';
import { GRADIENT } from '../../compiled/step';
import { fillAsEager, fillFrom, viewNoise } from '../../compiled/stepNoise';
import { isSameStep, type Traced } from '../../compiled/trace/index';
import { partsOf, TracedModel, weightNorms } from '../../compiled/tracedModel';
import { gradientsEagerly, lossEagerly } from '../../eager';
import { forView, isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type DataFacts, type EagerGradients, type Encoded, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms } from '../../engine';
import { termsFrom } from '../../termsOf';
import { explainTensorflow } from '../failures';
import { graphOptimizer } from './optimizers';
import type { Handle } from './session';
import { TrainingGraph } from './training';
import { ViewGraph } from './view';

/** A VAE whose training step was traced once and became one TensorFlow graph, its optimizer inside and its state on the device. Other graphs are given the weights. */
export class GraphProgram implements Program {
  readonly #views = new Map<string, ViewGraph>();
  #training: { readonly count: number; readonly traced: Traced; readonly graph: TrainingGraph } | undefined;
  /** The training step of the model's batch size as it was last traced. */
  #traced: Traced | undefined;
  #fingerprint: string | undefined;
  #weights: { readonly handles: ReadonlyMap<string, Handle>; readonly release: () => void } | undefined;
  #updates = 0;

  private constructor(private readonly binding: TFJSBinding, private readonly runtime: string, private readonly model: TracedModel) {}

  /** Builds the weights under `seed`, and the graph for the model's batch size. `runtime`: the library, card and driver that compute. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(binding: TFJSBinding, runtime: string, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<GraphProgram> {
    const program = new GraphProgram(binding, runtime, await TracedModel.build(model, seed, imageShape, data));
    try {
      await program.#tryStep();
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  /** What TensorFlow refuses, it refuses when a graph is first run, which also takes longest. */
  async #tryStep(traced?: Traced): Promise<void> {
    const { batchSize: count } = this.model.training;
    const training = await this.#run(count, () => this.#trainingFor(count, traced));
    const [before, updates] = [training.read(), this.#updates];
    const { batch, noise } = this.model.black;
    await this.step(batch, noise, { learningRate: 0 });
    training.write(before);
    this.#updates = updates;
    this.#traced = this.#training?.traced;
    this.#fingerprint = this.#traced && fingerprintOf(this.#traced, training.model, this.runtime);
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async renew(): Promise<boolean> {
    const { batchSize } = this.model.training;
    const again = await this.#run(batchSize, () => onBackend('cpu', () => this.model.steps.training(batchSize)));
    if (this.#traced && isSameStep(this.#traced, again)) return false;
    this.#forgetViews();
    await this.#tryStep(again);
    return true;
  }

  /** The training graph for so many examples; it takes the state along from the last one. */
  async #trainingFor(count: number, renewed?: Traced): Promise<TrainingGraph> {
    if (this.#training?.count === count && !renewed) return this.#training.graph;
    const traced = renewed ?? await onBackend('cpu', () => this.model.steps.training(count));
    const { network, training } = this.model;
    const weights = network.weights.map(({ name, variable: { shape } }) => ({ name, shape }));
    const graph = new TrainingGraph(this.binding, traced, weights, network.trainable.map(({ name }) => name), graphOptimizer(training.optimizer), training.clipNorm);
    const last = this.#training?.graph;
    graph.write(last ? last.read() : await this.model.firstWeights());
    this.#forgetWeights();
    last?.dispose();
    this.#training = { count, traced, graph };
    return graph;
  }
  get #current(): TrainingGraph {
    assert(this.#training, 'the program was disposed of');
    return this.#training.graph;
  }
  async #view(key: string, make: () => Traced, wanted?: (output: string) => boolean): Promise<ViewGraph> {
    const known = this.#views.get(key);
    if (known) return known;
    const view = new ViewGraph(this.binding, await onBackend('cpu', make), new Set(this.model.network.weights.map(({ name }) => name)), wanted);
    this.#views.set(key, view);
    return view;
  }
  #forgetWeights(): void {
    this.#weights?.release();
    this.#weights = undefined;
  }
  #heldWeights(): ReadonlyMap<string, Handle> { return (this.#weights ??= this.#current.weights()).handles; }

  #evaluation(count: number): Promise<ViewGraph> { return this.#view(`evaluation ${count}`, () => this.model.steps.evaluation(count)); }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    return this.#run(batch.count, async () => {
      const training = await this.#trainingFor(batch.count);
      this.#forgetWeights();
      const before = perWeight ? training.readWeights() : undefined;
      const { parts: made, gradientNorm, norms } = training.step(this.model.lossInputs(training, batch, noise, hyperparameters), hyperparameters.learningRate, this.#updates + 1, fillFrom(noise), perWeight);
      const parts = partsOf(made);
      if (![parts.loss, gradientNorm].every(Number.isFinite)) return { ...parts, gradientNorm };
      this.#updates++;
      if (!before || !norms) return { ...parts, gradientNorm };
      return { ...parts, gradientNorm, weights: weightNorms(norms, before, training.readWeights()) };
    });
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`gradients ${batch.count}`, () => this.model.steps.training(batch.count), (name) => name.startsWith(GRADIENT));
      const fill = await fillAsEager(view.noise, noise); // before the weights are taken: a step in between would release them
      const made = view.run(this.#heldWeights(), this.model.lossInputs(view, batch, noise, hyperparameters), fill);
      return this.model.network.weights.flatMap(({ name, variable: { shape } }) => {
        const gradient = made.get(`${GRADIENT}${name}`);
        return gradient ? [{ name, shape, data: gradient }] : [];
      });
    });
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(batch.count, async () => {
      const view = await this.#evaluation(batch.count);
      const parts = view.run(this.#heldWeights(), this.model.lossInputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return partsOf(parts);
    });
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    return this.#look(samples * batch.count, async () => {
      const view = await this.#view(`terms ${batch.count} ${samples}`, () => this.model.steps.terms(batch.count, samples));
      const made = view.run(this.#heldWeights(), this.model.lossInputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return termsFrom((name) => made.get(name));
    });
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    return this.#run(batch.count, async () => {
      const graph = training ? await this.#trainingFor(batch.count) : await this.#evaluation(batch.count);
      const inputs = this.model.lossInputs(graph, batch, noise, hyperparameters);
      return lossEagerly(this.model.network, this.#values(), noise, () => this.model.steps.loss(batch.count, inputs, training), training);
    });
  }

  async eagerGradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<EagerGradients> {
    return this.#run(batch.count, () => gradientsEagerly(this.model.network, this.#values(), noise, () => this.model.lossNow(batch, noise, hyperparameters)));
  }
  #values(): Map<string, Float32Array> { return new Map(this.#current.readWeights().map(({ name, data }) => [name, data])); }

  async encode(batch: Batch): Promise<Encoded> {
    const bucket = bucketOf(batch.count);
    return this.#look(batch.count, async () => {
      const view = await this.#view(`encoding ${bucket}`, () => this.model.steps.encoding(bucket));
      const made = view.run(this.#heldWeights(), this.model.encodingInputs(batch, bucket), viewNoise());
      return this.model.encoded((name) => made.get(name), batch.count, bucket);
    });
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.model.network.drawsPrior) return noise;
    const bucket = bucketOf(count);
    return this.#look(count, async () => {
      const view = await this.#view(`prior ${bucket}`, () => this.model.steps.prior(bucket));
      const made = view.run(this.#heldWeights(), this.model.priorInputs(noise, choices, bucket), viewNoise());
      return (made.get('z') ?? new Float32Array(0)).slice(0, count * this.model.sizes.latentDim);
    });
  }

  async decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array> {
    const bucket = bucketOf(count);
    return this.#look(count, async () => {
      const view = await this.#view(`decoding ${bucket}`, () => this.model.steps.decoding(bucket));
      const made = view.run(this.#heldWeights(), this.model.decodingInputs(z, conditions, bucket), viewNoise());
      return (made.get('pictures') ?? new Float32Array(0)).slice(0, count * this.model.imageSize);
    });
  }

  #run<T>(count: number, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => { throw explainTensorflow(error, count) ?? (isOutOfMemory(error) ? new OutOfMemoryError(count) : refusal(error)); });
  }

  /** What only looks says so when it does not fit. */
  #look<T>(count: number, work: () => Promise<T>): Promise<T> {
    return forView(this.#run(count, work), count);
  }

  async getState(): Promise<NamedTensor[]> { return [...this.#current.read(), { name: UPDATES, shape: [1], data: Float32Array.of(this.#updates) }]; }

  async setState(state: readonly NamedTensor[]): Promise<void> {
    this.#current.write(tensorsOf(state, this.#current.tensors));
    this.#forgetWeights();
    this.#updates = updatesOf(state);
  }

  #forgetViews(): void {
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
  }

  dispose(): void {
    this.#forgetWeights();
    this.#forgetViews();
    this.#training?.graph.dispose();
    this.#training = undefined;
    this.model.network.dispose();
  }
}

/** What is no graph, with the person's line; and TensorFlow's own words, which no one but developers can do anything with. */
function refusal(error: unknown): unknown {
  if (error instanceof NotCompilableError) {
    const { message, madeAt } = error;
    return new UnsupportedModelError(madeAt === undefined ? `TensorFlow cannot run a step of this model as one graph. ${message}` : `TensorFlow cannot run a step of this model as one graph. ${message} (${madeAt})`, madeAt);
  }
  if (!/^(Session fail to run|Failed to load SavedModel)/.test(errorText(error))) return error;
  console.error(error);
  return new UnsupportedModelError('TensorFlow refused to run a graph of this model; the log of the run says why. Make the model or the batch smaller, or train with another engine.');
}
