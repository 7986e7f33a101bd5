import { createHash } from 'node:crypto';
import type { HyperparameterValues } from '../../../spec/hyperparameters';
import { errorText } from '../../../protocol/errorText';
import type { VaeModel } from '../../../vae/model';
import { onBackend } from '../backends';
import { bucketOf } from '../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../checkpoint';
import { fingerprintOf } from '../compiled/fingerprint';
import { NotCompilableError } from '../compiled/graph';
import { GRADIENT } from '../compiled/step';
import { fillAsEager, fillFrom, viewNoise } from '../compiled/stepNoise';
import { isSameStep, type Traced } from '../compiled/trace/index';
import { partsOf, TracedModel, weightNorms } from '../compiled/tracedModel';
import { gradientsEagerly, lossEagerly } from '../eager';
import { EngineError, EngineUnavailableError, forView, isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type DataFacts, type EagerGradients, type Encoded, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms } from '../engine';
import { termsFrom } from '../termsOf';
import { OrtError, type Ort } from './device';
import { DeviceState, release } from './deviceState';
import { slotsOf, TrainingGraph, updateModel, type TrainingOptions } from './trainingGraph';
import { ViewGraph } from './viewGraph';

/** A VAE whose training step was traced once and became one ONNX graph on WebGPU, its optimizer inside and its state on the device. */
export class WebgpuProgram implements Program {
  readonly #views = new Map<string, Promise<ViewGraph>>();
  readonly #options: TrainingOptions;
  readonly #state: DeviceState;
  #training: { readonly count: number; readonly traced: Traced; readonly graph: TrainingGraph } | undefined;
  #traced: Traced | undefined;
  #fingerprint: string | undefined;
  #updates = 0;

  private constructor(private readonly ort: Ort, private readonly model: TracedModel) {
    const { network, training: { optimizer, clipNorm } } = model;
    this.#options = { weights: network.weights.map(({ name, variable: { shape } }) => ({ name, shape })), trainable: new Set(network.trainable.map(({ name }) => name)), optimizer, clipNorm };
    this.#state = new DeviceState(ort, [...this.#options.weights, ...slotsOf(this.#options)]);
  }

  /** Builds the weights under `seed`, and the graph for the model's batch size. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(ort: Ort, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<WebgpuProgram> {
    const program = new WebgpuProgram(ort, await TracedModel.build(model, seed, imageShape, data));
    try {
      program.#state.write(await program.model.firstWeights());
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
    const { batch, noise } = this.model.black;
    await this.#run(count, async () => {
      const graph = await this.#trainingFor(count, traced);
      const { next } = await graph.step(this.#state.tensors, this.model.lossInputs(graph, batch, noise, {}), 0, 1, viewNoise());
      next.forEach(release);
    });
    this.#traced = this.#training?.traced;
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async renew(): Promise<boolean> {
    const { batchSize } = this.model.training;
    const again = await this.#run(batchSize, () => onBackend('cpu', () => this.model.steps.training(batchSize)));
    if (this.#traced && isSameStep(this.#traced, again)) return false;
    await this.#forgetViews();
    await this.#tryStep(again);
    return true;
  }

  async #trainingFor(count: number, renewed?: Traced): Promise<TrainingGraph> {
    if (this.#training?.count === count && !renewed) return this.#training.graph;
    const traced = renewed ?? await onBackend('cpu', () => this.model.steps.training(count));
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

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    return this.#run(batch.count, async () => {
      const graph = await this.#trainingFor(batch.count);
      const { scalars, gradientNorm, norms, next } = await graph.step(this.#state.tensors, this.model.lossInputs(graph, batch, noise, hyperparameters), hyperparameters.learningRate, this.#updates + 1, fillFrom(noise));
      const parts = partsOf(scalars);
      if (![parts.loss, gradientNorm].every(Number.isFinite)) {
        next.forEach(release);
        return { ...parts, gradientNorm };
      }
      const before = perWeight ? await this.#state.read() : undefined;
      this.#state.take(next);
      this.#updates++;
      if (!before) return { ...parts, gradientNorm };
      return { ...parts, gradientNorm, weights: weightNorms(norms, before, await this.#state.read()) };
    });
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`gradients ${batch.count}`, () => this.model.steps.training(batch.count), (name) => name.startsWith(GRADIENT));
      const made = await view.run(this.#state.tensors, this.model.lossInputs(view, batch, noise, hyperparameters), await fillAsEager(view.noise, noise));
      return this.#options.weights.flatMap(({ name, shape }) => {
        const data = made.get(`${GRADIENT}${name}`);
        return data ? [{ name, shape, data }] : [];
      });
    });
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    return this.#run(batch.count, async () => {
      const view = await this.#view(`evaluation ${batch.count}`, () => this.model.steps.evaluation(batch.count));
      const made = await view.run(this.#state.tensors, this.model.lossInputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return partsOf(made);
    });
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    return this.#onlyLook(samples * batch.count, async () => {
      const view = await this.#view(`terms ${batch.count} ${samples}`, () => this.model.steps.terms(batch.count, samples));
      const made = await view.run(this.#state.tensors, this.model.lossInputs(view, batch, noise, hyperparameters), fillFrom(noise));
      return termsFrom((name) => made.get(name));
    });
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    const inputs = this.model.lossInputs({ needs: () => true }, batch, noise, hyperparameters);
    return lossEagerly(this.model.network, await this.#values(), noise, () => this.model.steps.loss(batch.count, inputs, training), training);
  }

  async eagerGradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<EagerGradients> {
    return gradientsEagerly(this.model.network, await this.#values(), noise, () => this.model.lossNow(batch, noise, hyperparameters));
  }
  async #values(): Promise<Map<string, Float32Array>> { return new Map((await this.#state.read()).map(({ name, data }) => [name, data])); }

  async #look(key: string, bucket: number, make: () => Traced, given: Readonly<Record<string, Float32Array>>): Promise<(name: string, count?: number) => Float32Array | undefined> {
    return this.#onlyLook(bucket, async () => {
      const made = await (await this.#view(`${key} ${bucket}`, make)).run(this.#state.tensors, given, viewNoise());
      return (name, count) => made.get(name)?.slice(0, count);
    });
  }

  async encode(batch: Batch): Promise<Encoded> {
    const bucket = bucketOf(batch.count);
    const made = await this.#look('encoding', bucket, () => this.model.steps.encoding(bucket), this.model.encodingInputs(batch, bucket));
    return this.model.encoded(made, batch.count, bucket);
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.model.network.drawsPrior) return noise;
    const bucket = bucketOf(count);
    const first = await this.#look('prior', bucket, () => this.model.steps.prior(bucket), this.model.priorInputs(noise, choices, bucket));
    return first('z', count * this.model.sizes.latentDim) ?? new Float32Array(0);
  }

  async decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array> {
    const bucket = bucketOf(count);
    const first = await this.#look('decoding', bucket, () => this.model.steps.decoding(bucket), this.model.decodingInputs(z, conditions, bucket));
    return first('pictures', count * this.model.imageSize) ?? new Float32Array(0);
  }

  #run<T>(count: number, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => { throw explained(error, count); });
  }

  /** What only looks says so when it does not fit. */
  #onlyLook<T>(count: number, work: () => Promise<T>): Promise<T> {
    return forView(this.#run(count, work), count);
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
    this.model.network.dispose();
  }
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
  if (error instanceof OrtError) {
    console.error(error);
    return new EngineError('A graph of this model could not be run through WebGPU; the log of the run says what onnxruntime said. Train with another engine, and tell the developers of VAE Lab.');
  }
  if (!(error instanceof NotCompilableError)) return error;
  const { message, madeAt } = error;
  return new UnsupportedModelError(madeAt === undefined ? `The engine "webgpu" cannot train this model. ${message}` : `The engine "webgpu" cannot train this model. ${message} (${madeAt})`, madeAt);
}
