import assert from 'node:assert';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { HyperparameterValues } from '../../../../spec/hyperparameters';
import { firstValues, hyperparametersOf } from '../../../../vae/hyperparameters';
import type { VaeModel } from '../../../../vae/model';
import { samplesOf } from '../../../../vae/objectives/index';
import { errorText } from '../../../../protocol/errorText';
import { onBackend } from '../../backends';
import { bucketOf, filled } from '../../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../../checkpoint';
import { lossEagerly } from '../../compiled/eager';
import { fingerprintOf } from '../../compiled/fingerprint';
import { NotCompilableError } from '../../compiled/graph';
import { GRADIENT, HYPERPARAMETER, PART, Steps, type StepSizes } from '../../compiled/step';
import { fillAsEager, fillFrom, noNoise } from '../../compiled/stepNoise';
import { isSameStep, type Traced } from '../../compiled/trace/index';
import { isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type DataFacts, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms } from '../../engine';
import { l2Norm } from '../../norms';
import { oneHot } from '../../oneHot';
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
  readonly #sizes: StepSizes;
  readonly #latentDim: number;
  readonly #imageSize: number;
  #training: { readonly count: number; readonly traced: Traced; readonly graph: TrainingGraph } | undefined;
  /** The training step of the model's batch size as it was last traced. */
  #traced: Traced | undefined;
  #fingerprint: string | undefined;
  #weights: { readonly handles: ReadonlyMap<string, Handle>; readonly release: () => void } | undefined;
  #updates = 0;

  private constructor(private readonly binding: TFJSBinding, private readonly network: VaeNetwork, private readonly model: VaeModel, imageShape: ImageShape, data: DataFacts | undefined) {
    const { learningRate: _, ...hyperparameters } = firstValues(hyperparametersOf(model));
    this.#sizes = { imageShape, corrupted: model.data.corruption.length > 0, latentDim: model.latentDim, samples: samplesOf(model.objective), classes: data?.classes, hyperparameters };
    this.#steps = new Steps(network, this.#sizes);
    this.#latentDim = model.latentDim;
    this.#imageSize = sizeOf(imageShape);
  }

  /** Builds the weights under `seed`, and the graph for the model's batch size. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(binding: TFJSBinding, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<GraphProgram> {
    const network = await onBackend('cpu', () => withSeededMath(seed, () => {
      const made = new VaeNetwork(model, imageShape, data);
      made.initialize();
      return made;
    }));
    const program = new GraphProgram(binding, network, model, imageShape, data);
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
    const { samples, classes, latentDim } = this.#sizes;
    const black: Batch = { count, data: new Float32Array(count * this.#imageSize), ...(classes === undefined ? {} : { labels: new Int32Array(count) }) };
    await this.step(black, new Float32Array(samples * count * latentDim), { learningRate: 0 });
    training.write(before);
    this.#updates = updates;
    this.#traced = this.#training?.traced;
    this.#fingerprint = this.#traced && fingerprintOf(this.#traced, training.model, `TensorFlow ${this.binding.TF_Version} on ${this.binding.isUsingGpuDevice() ? 'GPU' : 'CPU'}`);
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async renew(): Promise<boolean> {
    const { batchSize } = this.model.training;
    const again = await this.#run(batchSize, () => onBackend('cpu', () => this.#steps.training(batchSize)));
    if (this.#traced && isSameStep(this.#traced, again)) return false;
    this.#forgetViews();
    await this.#tryStep(again);
    return true;
  }

  /** The training graph for so many examples; it takes the state along from the last one. */
  async #trainingFor(count: number, renewed?: Traced): Promise<TrainingGraph> {
    if (this.#training?.count === count && !renewed) return this.#training.graph;
    const traced = renewed ?? await onBackend('cpu', () => this.#steps.training(count));
    const { network, model } = this;
    const weights = network.weights.map(({ name, variable: { shape } }) => ({ name, shape }));
    const graph = new TrainingGraph(this.binding, traced, weights, network.trainable.map(({ name }) => name), graphOptimizer(model.training.optimizer), model.training.clipNorm);
    const last = this.#training?.graph;
    graph.write(last ? last.read() : await onBackend('cpu', () => network.weights.map(({ name, variable }) => ({ name, shape: variable.shape, data: Float32Array.from(variable.dataSync()) }))));
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
    const view = new ViewGraph(this.binding, await onBackend('cpu', make), new Set(this.network.weights.map(({ name }) => name)), wanted);
    this.#views.set(key, view);
    return view;
  }
  #forgetWeights(): void {
    this.#weights?.release();
    this.#weights = undefined;
  }
  #heldWeights(): ReadonlyMap<string, Handle> { return (this.#weights ??= this.#current.weights()).handles; }

  #inputs(graph: { needs(input: string): boolean }, { data, corrupted: seen = data, labels }: Batch, noise: Float32Array, given: HyperparameterValues): Record<string, Float32Array> {
    const { corrupted, classes, hyperparameters } = this.#sizes;
    const inputs: Record<string, Float32Array> = { x: data, noise };
    for (const [name, value] of Object.entries(hyperparameters)) inputs[`${HYPERPARAMETER}${name}`] = Float32Array.of(given[name] ?? value);
    if (corrupted) inputs['corrupted'] = seen;
    if (labels && classes !== undefined && graph.needs('labels')) inputs['labels'] = oneHot(labels, classes);
    return inputs;
  }
  #evaluation(count: number): Promise<ViewGraph> { return this.#view(`evaluation ${count}`, () => this.#steps.evaluation(count)); }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    return this.#run(batch.count, async () => {
      const training = await this.#trainingFor(batch.count);
      this.#forgetWeights();
      const before = perWeight ? training.readWeights() : undefined;
      const { parts: made, gradientNorm, norms } = training.step(this.#inputs(training, batch, noise, hyperparameters), hyperparameters.learningRate, this.#updates + 1, fillFrom(noise), perWeight);
      const parts = partsOf(made);
      if (!Number.isFinite(parts.loss)) return { ...parts, gradientNorm: NaN };
      this.#updates++;
      if (!before || !norms) return { ...parts, gradientNorm };
      const after = new Map(training.readWeights().map(({ name, data }) => [name, data]));
      const weights = before.flatMap(({ name, data: old }) => {
        const [gradient, data] = [norms.get(name), after.get(name)];
        return gradient === undefined || !data ? [] : [{ name, gradient, change: l2Norm(data, old), weight: l2Norm(data) }];
      });
      return { ...parts, gradientNorm, weights };
    });
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`gradients ${batch.count}`, () => this.#steps.training(batch.count), (name) => name.startsWith(GRADIENT));
      const fill = await fillAsEager(view.noise, noise); // before the weights are taken: a step in between would release them
      const made = view.run(this.#heldWeights(), this.#inputs(view, batch, noise, hyperparameters), fill);
      return this.network.weights.flatMap(({ name, variable: { shape } }) => {
        const gradient = made.get(`${GRADIENT}${name}`);
        return gradient ? [{ name, shape, data: gradient }] : [];
      });
    });
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(batch.count, async () => {
      const view = await this.#evaluation(batch.count);
      const parts = view.run(this.#heldWeights(), this.#inputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return partsOf(new Map([...parts].map(([name, values]) => [name, values[0] ?? NaN])));
    });
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`terms ${batch.count} ${samples}`, () => this.#steps.terms(batch.count, samples));
      const made = view.run(this.#heldWeights(), this.#inputs(view, batch, noise, hyperparameters), fillFrom(noise));
      const values = (name: keyof Terms): Float32Array => made.get(name) ?? new Float32Array(0);
      return { reconstruction: values('reconstruction'), logWeight: values('logWeight'), kl: values('kl') };
    });
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    return this.#run(batch.count, async () => {
      const graph = training ? await this.#trainingFor(batch.count) : await this.#evaluation(batch.count);
      const inputs = this.#inputs(graph, batch, noise, hyperparameters);
      const values = new Map(this.#current.readWeights().map(({ name, data }) => [name, data]));
      return lossEagerly(this.network, values, noise, () => this.#steps.loss(batch.count, inputs, training));
    });
  }

  async encode({ count, data, corrupted = data }: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
    const bucket = bucketOf(count);
    return this.#run(bucket, async () => {
      const view = await this.#view(`encoding ${bucket}`, () => this.#steps.encoding(bucket));
      const made = view.run(this.#heldWeights(), { x: filled(corrupted, bucket * this.#imageSize) }, noNoise);
      const first = (name: string): Float32Array => (made.get(name) ?? new Float32Array(0)).slice(0, count * this.#latentDim);
      return { mean: first('mean'), logVariance: first('logVariance') };
    });
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.network.drawsPrior) return noise;
    const bucket = bucketOf(count);
    return this.#run(bucket, async () => {
      const view = await this.#view(`prior ${bucket}`, () => this.#steps.prior(bucket));
      const made = view.run(this.#heldWeights(), { noise: filled(noise, bucket * this.#latentDim), choices: filled(choices, bucket) }, noNoise);
      return (made.get('z') ?? new Float32Array(0)).slice(0, count * this.#latentDim);
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
    return work().catch((error: unknown) => { throw explainTensorflow(error, count) ?? (isOutOfMemory(error) ? new OutOfMemoryError(count) : refusal(error)); });
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
    this.network.dispose();
  }
}

function partsOf(made: ReadonlyMap<string, number>): StepParts {
  return { loss: made.get('loss') ?? NaN, parts: Object.fromEntries([...made].filter(([name]) => name.startsWith(PART)).map(([name, value]) => [name.slice(PART.length), value])) };
}

/** What is no graph, with the person's line; and TensorFlow's own words, which no one but developers can do anything with. */
function refusal(error: unknown): unknown {
  if (error instanceof NotCompilableError) {
    const { message, madeAt } = error;
    return new UnsupportedModelError(madeAt === undefined ? `TensorFlow cannot run a step of this model as one graph. ${message}` : `TensorFlow cannot run a step of this model as one graph. ${message} (${madeAt})`, madeAt);
  }
  if (!/^(Session fail to run|Failed to load SavedModel)/.test(errorText(error))) return error;
  console.error(error);
  return new UnsupportedModelError('TensorFlow refused the graph of a training step; the log of the run says why.');
}
