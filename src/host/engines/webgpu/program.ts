import { createHash } from 'node:crypto';
import type { HyperparameterValues } from '../../../spec/hyperparameters';
import { errorText } from '../../../protocol/errorText';
import { firstValues, hyperparametersOf } from '../../../vae/hyperparameters';
import type { VaeModel } from '../../../vae/model';
import { samplesOf } from '../../../vae/objectives/index';
import { onBackend } from '../backends';
import { bucketOf, filled } from '../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../checkpoint';
import { lossEagerly } from '../compiled/eager';
import { fingerprintOf } from '../compiled/fingerprint';
import { NotCompilableError } from '../compiled/graph';
import { GRADIENT, HYPERPARAMETER, PART, Steps, type StepSizes } from '../compiled/step';
import { fillAsEager, fillFrom, noNoise } from '../compiled/stepNoise';
import { isSameStep, type Traced } from '../compiled/trace/index';
import { EngineUnavailableError, isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type DataFacts, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms } from '../engine';
import { spreadOfPoints } from '../codeHeads';
import { conditionsOf, givenConditions } from '../condition';
import { l2Norm } from '../norms';
import { oneHot } from '../oneHot';
import { withSeededMath } from '../seededMath';
import { sizeOf } from '../sizeOf';
import { termsFrom } from '../termsOf';
import { VaeNetwork } from '../vaeNetwork';
import type { Ort } from './device';
import { DeviceState, release } from './deviceState';
import { slotsOf, TrainingGraph, updateModel, type TrainingOptions } from './trainingGraph';
import { ViewGraph } from './viewGraph';

/** A VAE whose training step was traced once and became one ONNX graph on WebGPU, its optimizer inside and its state on the device. */
export class WebgpuProgram implements Program {
  readonly #views = new Map<string, Promise<ViewGraph>>();
  readonly #steps: Steps;
  readonly #sizes: StepSizes;
  readonly #options: TrainingOptions;
  readonly #state: DeviceState;
  readonly #imageSize: number;
  #training: { readonly count: number; readonly traced: Traced; readonly graph: TrainingGraph } | undefined;
  #traced: Traced | undefined;
  #fingerprint: string | undefined;
  #updates = 0;

  private constructor(private readonly ort: Ort, private readonly network: VaeNetwork, private readonly model: VaeModel, imageShape: ImageShape, data: DataFacts | undefined) {
    const { learningRate: _, ...hyperparameters } = firstValues(hyperparametersOf(model));
    this.#sizes = { imageShape, corrupted: model.data.corruption.length > 0, latentDim: model.latentDim, samples: samplesOf(model.objective), classes: data?.classes, hyperparameters };
    this.#steps = new Steps(network, this.#sizes);
    this.#imageSize = sizeOf(imageShape);
    this.#options = { weights: network.weights.map(({ name, variable: { shape } }) => ({ name, shape })), trainable: new Set(network.trainable.map(({ name }) => name)), optimizer: model.training.optimizer, clipNorm: model.training.clipNorm };
    this.#state = new DeviceState(ort, [...this.#options.weights, ...slotsOf(this.#options)]);
  }

  /** Builds the weights under `seed`, and the graph for the model's batch size. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(ort: Ort, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<WebgpuProgram> {
    const network = await onBackend('cpu', () => withSeededMath(seed, () => {
      const made = new VaeNetwork(model, imageShape, data);
      made.initialize();
      return made;
    }));
    const program = new WebgpuProgram(ort, network, model, imageShape, data);
    try {
      program.#state.write(await onBackend('cpu', () => network.weights.map(({ name, variable }) => ({ name, shape: variable.shape, data: Float32Array.from(variable.dataSync()) }))));
      await program.#tryStep();
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  /** Shaders are compiled, and memory is taken, when a graph is first run: nothing of this update is kept. */
  async #tryStep(traced?: Traced): Promise<void> {
    const { batchSize: count } = this.model.training;
    const { samples, classes, latentDim } = this.#sizes;
    const black: Batch = { count, data: new Float32Array(count * this.#imageSize), ...(classes === undefined ? {} : { labels: new Int32Array(count) }) };
    await this.#run(count, async () => {
      const graph = await this.#trainingFor(count, traced);
      const { next } = await graph.step(this.#state.tensors, this.#inputs(graph, black, new Float32Array(samples * count * latentDim), {}), 0, 1, fillFrom(new Float32Array(1)));
      next.forEach(release);
    });
    this.#traced = this.#training?.traced;
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async renew(): Promise<boolean> {
    const { batchSize } = this.model.training;
    const again = await this.#run(batchSize, () => onBackend('cpu', () => this.#steps.training(batchSize)));
    if (this.#traced && isSameStep(this.#traced, again)) return false;
    await this.#forgetViews();
    await this.#tryStep(again);
    return true;
  }

  async #trainingFor(count: number, renewed?: Traced): Promise<TrainingGraph> {
    if (this.#training?.count === count && !renewed) return this.#training.graph;
    const traced = renewed ?? await onBackend('cpu', () => this.#steps.training(count));
    const lowered = updateModel(traced, this.#options);
    const graph = await TrainingGraph.create(this.ort, traced, lowered, this.#options);
    if (count === this.model.training.batchSize) this.#fingerprint = fingerprintOf(traced, createHash('sha256').update(lowered.model).digest('hex'), `WebGPU, onnxruntime ${this.ort.env.versions.common}`);
    this.#training?.graph.dispose();
    this.#training = { count, traced, graph };
    return graph;
  }
  #view(key: string, make: () => Traced, wanted?: (output: string) => boolean): Promise<ViewGraph> {
    const view = this.#views.get(key) ?? onBackend('cpu', make).then((traced) => ViewGraph.create(this.ort, traced, wanted));
    this.#views.set(key, view);
    view.catch(() => { this.#views.delete(key); });
    return view;
  }

  #inputs(graph: { needs(input: string): boolean }, { data, corrupted: seen = data, labels }: Batch, noise: Float32Array, given: Partial<HyperparameterValues>): Record<string, Float32Array> {
    const { corrupted, classes, hyperparameters } = this.#sizes;
    const inputs: Record<string, Float32Array> = { x: data, noise };
    for (const [name, value] of Object.entries(hyperparameters)) inputs[`${HYPERPARAMETER}${name}`] = Float32Array.of(given[name] ?? value);
    if (corrupted) inputs['corrupted'] = seen;
    if (labels && classes !== undefined && graph.needs('labels')) inputs['labels'] = oneHot(labels, classes);
    return inputs;
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    return this.#run(batch.count, async () => {
      const graph = await this.#trainingFor(batch.count);
      const { scalars, gradientNorm, norms, next } = await graph.step(this.#state.tensors, this.#inputs(graph, batch, noise, hyperparameters), hyperparameters.learningRate, this.#updates + 1, fillFrom(noise));
      const parts = partsOf(scalars);
      if (!Number.isFinite(parts.loss)) {
        next.forEach(release);
        return { ...parts, gradientNorm: NaN };
      }
      const before = perWeight ? await this.#state.read() : undefined;
      this.#state.take(next);
      this.#updates++;
      if (!before) return { ...parts, gradientNorm };
      const after = new Map((await this.#state.read()).map(({ name, data }) => [name, data]));
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
      const made = await view.run(this.#state.tensors, this.#inputs(view, batch, noise, hyperparameters), await fillAsEager(view.noise, noise));
      return this.#options.weights.flatMap(({ name, shape }) => {
        const data = made.get(`${GRADIENT}${name}`);
        return data ? [{ name, shape, data }] : [];
      });
    });
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`evaluation ${batch.count}`, () => this.#steps.evaluation(batch.count));
      const made = await view.run(this.#state.tensors, this.#inputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return partsOf(new Map([...made].map(([name, values]) => [name, values[0] ?? NaN])));
    });
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`terms ${batch.count} ${samples}`, () => this.#steps.terms(batch.count, samples));
      const made = await view.run(this.#state.tensors, this.#inputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return termsFrom((name) => made.get(name));
    });
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    const inputs = this.#inputs({ needs: () => true }, batch, noise, hyperparameters);
    const values = new Map((await this.#state.read()).map(({ name, data }) => [name, data]));
    return lossEagerly(this.network, values, noise, () => this.#steps.loss(batch.count, inputs, training));
  }

  async #look(key: string, bucket: number, make: () => Traced, given: Readonly<Record<string, Float32Array>>): Promise<(name: string, count: number) => Float32Array | undefined> {
    return this.#run(bucket, async () => {
      const made = await (await this.#view(`${key} ${bucket}`, make)).run(this.#state.tensors, given, noNoise);
      return (name, count) => made.get(name)?.slice(0, count);
    });
  }

  /** The classes that a conditional model's views are given. */
  #rows(bucket: number, make: (classes: number) => Float32Array): Record<string, Float32Array> {
    const classes = this.network.conditionClasses;
    return classes === undefined ? {} : { labels: filled(make(classes), bucket * classes) };
  }

  async encode({ count, data, corrupted = data, labels }: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
    const bucket = bucketOf(count);
    const first = await this.#look('encoding', bucket, () => this.#steps.encoding(bucket), { x: filled(corrupted, bucket * this.#imageSize), ...this.#rows(bucket, (classes) => conditionsOf(labels, classes)) });
    const size = count * this.#sizes.latentDim;
    return { mean: first('mean', size) ?? new Float32Array(0), logVariance: first('logVariance', size) ?? spreadOfPoints(size) };
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.network.drawsPrior) return noise;
    const bucket = bucketOf(count);
    const first = await this.#look('prior', bucket, () => this.#steps.prior(bucket), { noise: filled(noise, bucket * this.#sizes.latentDim), choices: filled(choices, bucket) });
    return first('z', count * this.#sizes.latentDim) ?? new Float32Array(0);
  }

  async decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array> {
    const bucket = bucketOf(count);
    const first = await this.#look('decoding', bucket, () => this.#steps.decoding(bucket), { z: filled(z, bucket * this.#sizes.latentDim), ...this.#rows(bucket, () => givenConditions(conditions)) });
    return first('pictures', count * this.#imageSize) ?? new Float32Array(0);
  }

  #run<T>(count: number, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => { throw explained(error, count); });
  }

  async getState(): Promise<NamedTensor[]> { return [...await this.#state.read(), { name: UPDATES, shape: [1], data: Float32Array.of(this.#updates) }]; }

  setState(state: readonly NamedTensor[]): Promise<void> {
    return Promise.resolve().then(() => {
      this.#state.write(tensorsOf(state, this.#state.shapes));
      this.#updates = updatesOf(state);
    });
  }

  async #forgetViews(): Promise<void> {
    const views = [...this.#views.values()];
    this.#views.clear();
    for (const view of views) (await view.catch(() => undefined))?.dispose();
  }

  dispose(): void {
    void this.#forgetViews();
    this.#training?.graph.dispose();
    this.#training = undefined;
    this.#state.dispose();
    this.network.dispose();
  }
}

function partsOf(made: ReadonlyMap<string, number>): StepParts {
  return { loss: made.get('loss') ?? NaN, parts: Object.fromEntries([...made].filter(([name]) => name.startsWith(PART)).map(([name, value]) => [name.slice(PART.length), value])) };
}

function noAdapter(): string { return 'No graphics card answers through WebGPU. Install the driver of the card, with Vulkan where the system is Linux, or train with another engine.'; }

/** What the device or onnxruntime says, in words a person can act on; a device that is lost ends the process, which those who asked see. */
function explained(error: unknown, batchSize: number): unknown {
  const said = errorText(error);
  if (/[Dd]evice (is )?lost|DeviceLost/.test(said)) {
    console.error(error);
    process.exit(1);
  }
  if (/Failed to get a WebGPU (adapter|device)/.test(said)) return new EngineUnavailableError(noAdapter());
  if (isOutOfMemory(error) || /[Oo]ut of memory|bad_alloc|[Ff]ailed to allocate|maxBufferSize|maxStorageBufferBindingSize|exceeds the max/.test(said)) {
    console.error(error);
    return new OutOfMemoryError(batchSize);
  }
  if (!(error instanceof NotCompilableError)) return error;
  const { message, madeAt } = error;
  return new UnsupportedModelError(madeAt === undefined ? `The engine "webgpu" cannot train this model. ${message}` : `The engine "webgpu" cannot train this model. ${message} (${madeAt})`, madeAt);
}
