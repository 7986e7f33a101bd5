import type { VaeModel } from '../../../vae/model';
import type { HyperparameterValues } from '../../../spec/hyperparameters';
import { onBackend } from '../backends';
import { bucketOf } from '../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../checkpoint';
import { gradientsEagerly, lossEagerly } from '../eager';
import { isOutOfMemory, OutOfMemoryError, UnsupportedModelError, ViewMemoryError, type Batch, type DataFacts, type EagerGradients, type Encoded, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms, type WeightNorms } from '../engine';
import { l2Norm } from '../norms';
import { termsFrom } from '../termsOf';
import { Executable, type ExecutableOptions, type FillNoise } from './executable';
import { NotCompilableError } from './graph';
import { NativeMemory, type NativeFloats } from './native/memory';
import { NativeOptimizer } from './native/optimizer';
import { loadRuntime, OnnxMemoryError, type Runtime } from './onnxSession';
import { ASSIGN, GRADIENT } from './step';
import { fillAsEager, fillFrom, viewNoise } from './stepNoise';
import { fingerprintOf } from './fingerprint';
import { isSameStep, type Traced } from './trace/index';
import { partsOf, TracedModel } from './tracedModel';

interface Weight { readonly name: string; readonly shape: readonly number[]; readonly values: NativeFloats; readonly gradient: NativeFloats | undefined }

/** A VAE whose training step was traced once, compiled to one ONNX graph, and is called; the optimizer is WebAssembly over the weights. */
export class CompiledProgram implements Program {
  readonly #compiled = new Map<string, Executable>();
  readonly #gradients: ReadonlyMap<string, NativeFloats>;
  readonly #values: ReadonlyMap<string, Float32Array>;
  /** The training step as it was last traced. */
  #traced: Traced | undefined;
  #fingerprint: string | undefined;

  private constructor(private readonly runtime: Runtime, private readonly model: TracedModel, private readonly weights: readonly Weight[], private readonly optimizer: NativeOptimizer) {
    this.#gradients = new Map(weights.flatMap(({ name, gradient }) => (gradient ? [[`${GRADIENT}${name}`, gradient]] : [])));
    this.#values = new Map(weights.map(({ name, values }) => [name, values.values]));
  }

  /** Builds the weights under `seed`, and traces and compiles the training step for the model's batch size. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<CompiledProgram> {
    const runtime = await loadRuntime();
    const traced = await TracedModel.build(model, seed, imageShape, data);
    const { network } = traced;
    const { optimizer: description, clipNorm } = model.training;
    const trainable = new Set(network.trainable.map(({ name }) => name));
    const bytes = network.weights.flatMap(({ name, variable: { size: count } }) => Array.from({ length: trainable.has(name) ? 2 + NativeOptimizer.slotCount(description) : 1 }, () => count * Float32Array.BYTES_PER_ELEMENT));
    const needed = bytes.reduce((a, b) => a + b, 0);
    if (needed > NativeMemory.MOST) {
      await onBackend('cpu', () => { network.dispose(); });
      throw new UnsupportedModelError(`The engine "compiled" cannot train this model. Its weights with their gradients and the optimizer's memory take ${(needed / 2 ** 30).toFixed(1)} GB, and it holds 4 GB at most.`);
    }
    const memory = await NativeMemory.create(bytes);
    const weights = await onBackend('cpu', () => network.weights.map(({ name, variable }): Weight => {
      const values = memory.floats(variable.size);
      values.values.set(variable.dataSync<'float32'>());
      return { name, shape: variable.shape, values, gradient: trainable.has(name) ? memory.floats(variable.size) : undefined };
    }));
    const optimizer = new NativeOptimizer(memory, description, weights.flatMap(({ name, values, gradient }) => (gradient ? [{ name, weight: values, gradient }] : [])), clipNorm);
    const program = new CompiledProgram(runtime, traced, weights, optimizer);
    try {
      await program.#compileStep();
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  get #batchSize(): number { return this.model.training.batchSize; }

  async #compileStep(renewed?: Traced): Promise<void> {
    const step = await this.#training(this.#batchSize, renewed);
    const { batch, noise } = this.model.black;
    // Once before anybody waits for a step: a machine whose memory does not hold it says so here.
    this.#run(step, batch, noise, {}, viewNoise());
    this.#fingerprint = this.#traced && fingerprintOf(this.#traced, step.model, this.runtime.version);
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async renew(): Promise<boolean> {
    const again = await onBackend('cpu', () => this.model.steps.training(this.#batchSize)).catch((error: unknown) => { throw refusal(error, this.#batchSize); });
    if (this.#traced && isSameStep(this.#traced, again)) return false;
    this.#forget();
    await this.#compileStep(again);
    return true;
  }

  async #get(key: string, make: () => Traced, options?: ExecutableOptions): Promise<Executable> {
    const known = this.#compiled.get(key);
    if (known) return known;
    const executable = await onBackend('cpu', make).then((traced) => new Executable(this.runtime, traced, this.#values, options)).catch((error: unknown) => { throw refusal(error, this.#batchSize); });
    this.#compiled.set(key, executable);
    return executable;
  }
  #training(count: number, renewed?: Traced): Promise<Executable> {
    return this.#get(`training ${count}`, () => {
      const step = renewed ?? this.model.steps.training(count);
      if (count === this.#batchSize) this.#traced = step;
      return step;
    }, { place: (name) => this.#gradients.get(name)?.values });
  }

  #evaluation(count: number): Promise<Executable> { return this.#get(`evaluation ${count}`, () => this.model.steps.evaluation(count)); }

  /** One run of the training step; its gradients are then in their places. */
  async #forwardAndBackward(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, fill: (step: Executable) => FillNoise | Promise<FillNoise>): Promise<Executable> {
    const step = await this.#training(batch.count);
    this.#run(step, batch, noise, hyperparameters, await fill(step));
    return step;
  }

  #run(step: Executable, batch: Batch, noise: Float32Array, hyperparameters: Partial<HyperparameterValues>, fill: FillNoise): void {
    try {
      step.run(this.model.lossInputs(step, batch, noise, hyperparameters), fill);
    } catch (error) {
      throw refusal(error, batch.count);
    }
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    const step = await this.#forwardAndBackward(batch, noise, hyperparameters, () => fillFrom(noise));
    if (!Number.isFinite(step.output('loss')[0])) return { ...partsOf(step.outputs), gradientNorm: NaN };
    const normsAfter = perWeight ? this.#watchWeights() : undefined;
    const gradientNorm = this.optimizer.apply(hyperparameters.learningRate);
    if (!Number.isFinite(gradientNorm)) return { ...partsOf(step.outputs), gradientNorm };
    for (const [name, values] of step.outputs) if (name.startsWith(ASSIGN)) this.#values.get(name.slice(ASSIGN.length))?.set(values);
    return { ...partsOf(step.outputs), gradientNorm, ...(normsAfter ? { weights: normsAfter() } : {}) };
  }

  /** To be called before an update; gives what that did. */
  #watchWeights(): () => WeightNorms[] {
    const { optimizer } = this;
    const before = this.weights.flatMap(({ name, values, gradient }) => (gradient ? [{ name, values, old: values.values.slice(), gradient: optimizer.l2Norm(gradient) }] : []));
    return () => before.map(({ name, values, old, gradient }) => ({ name, gradient, change: l2Norm(values.values, old), weight: optimizer.l2Norm(values) }));
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    const step = await this.#forwardAndBackward(batch, noise, hyperparameters, (compiled) => fillAsEager(compiled.noise, noise));
    return this.weights.flatMap(({ name, shape }) => {
      const data = step.outputs.get(`${GRADIENT}${name}`)?.slice();
      return data ? [{ name, shape, data }] : [];
    });
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    const evaluation = await this.#evaluation(batch.count);
    this.#run(evaluation, batch, noise, hyperparameters, fillFrom(noise));
    return partsOf(evaluation.outputs);
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    const { count } = batch;
    return this.#look(samples * count, async () => {
      const terms = await this.#get(`terms ${count} ${samples}`, () => this.model.steps.terms(count, samples));
      this.#run(terms, batch, noise, hyperparameters, fillFrom(noise));
      return termsFrom((name) => terms.outputs.get(name)?.slice());
    });
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    const inputs = this.model.lossInputs(await (training ? this.#training(batch.count) : this.#evaluation(batch.count)), batch, noise, hyperparameters);
    return lossEagerly(this.model.network, this.#values, noise, () => this.model.steps.loss(batch.count, inputs, training), training);
  }

  eagerGradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<EagerGradients> {
    return gradientsEagerly(this.model.network, this.#values, noise, () => this.model.lossNow(batch, noise, hyperparameters));
  }

  async encode(batch: Batch): Promise<Encoded> {
    const bucket = bucketOf(batch.count);
    return this.#look(batch.count, async () => {
      const encoding = await this.#get(`encoding ${bucket}`, () => this.model.steps.encoding(bucket), { threads: 1 });
      encoding.run(this.model.encodingInputs(batch, bucket), viewNoise());
      return this.model.encoded((name) => encoding.outputs.get(name), batch.count, bucket);
    });
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.model.network.drawsPrior) return noise;
    const bucket = bucketOf(count);
    return this.#look(count, async () => {
      const prior = await this.#get(`prior ${bucket}`, () => this.model.steps.prior(bucket), { threads: 1 });
      prior.run(this.model.priorInputs(noise, choices, bucket), viewNoise());
      return prior.output('z').slice(0, count * this.model.sizes.latentDim);
    });
  }

  async decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array> {
    const bucket = bucketOf(count);
    return this.#look(count, async () => {
      const decoding = await this.#get(`decoding ${bucket}`, () => this.model.steps.decoding(bucket), { threads: 1 });
      decoding.run(this.model.decodingInputs(z, conditions, bucket), viewNoise());
      return decoding.output('pictures').slice(0, count * this.model.imageSize);
    });
  }
  /** What only looks says so when it does not fit. */
  #look<T>(count: number, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => { throw error instanceof OutOfMemoryError || error instanceof OnnxMemoryError || isOutOfMemory(error) ? new ViewMemoryError(count) : error; });
  }

  #state(): { name: string; shape: readonly number[]; values: Float32Array }[] {
    const shapes = new Map(this.weights.map(({ name, shape }) => [name, shape]));
    return [
      ...this.weights.map(({ name, shape, values: { values } }) => ({ name, shape, values })),
      ...this.optimizer.slots.map(({ name, values }) => ({ name, shape: shapes.get(name.split('/').slice(2).join('/')) ?? [values.length], values })),
    ];
  }

  getState(): Promise<NamedTensor[]> {
    return Promise.resolve([...this.#state().map(({ name, shape, values }) => ({ name, shape, data: values.slice() })), { name: UPDATES, shape: [1], data: Float32Array.of(this.optimizer.updates) }]);
  }

  setState(state: readonly NamedTensor[]): Promise<void> {
    return Promise.resolve().then(() => {
      const own = this.#state();
      tensorsOf(state, own).forEach(({ data }, i) => { own[i]?.values.set(data); });
      this.optimizer.updates = updatesOf(state);
    });
  }

  #forget(): void {
    for (const executable of this.#compiled.values()) executable.dispose();
    this.#compiled.clear();
  }

  dispose(): void {
    this.#forget();
    this.model.network.dispose();
  }
}

/** What cannot be compiled is an engine's refusal, with the person's line. */
function refusal(error: unknown, batchSize: number): unknown {
  if (error instanceof OnnxMemoryError || isOutOfMemory(error)) return new OutOfMemoryError(batchSize);
  if (!(error instanceof NotCompilableError)) return error;
  const { message, madeAt } = error;
  return new UnsupportedModelError(madeAt === undefined ? `The engine "compiled" cannot train this model. ${message}` : `The engine "compiled" cannot train this model. ${message} (${madeAt})`, madeAt);
}
