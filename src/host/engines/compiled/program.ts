import type { VaeModel } from '../../../vae/model';
import type { HyperparameterValues } from '../../../spec/hyperparameters';
import { firstValues, hyperparametersOf } from '../../../vae/hyperparameters';
import { samplesOf } from '../../../vae/objectives/index';
import { onBackend } from '../backends';
import { bucketOf, filled } from '../buckets';
import { tensorsOf, UPDATES, updatesOf } from '../checkpoint';
import { isOutOfMemory, OutOfMemoryError, UnsupportedModelError, type Batch, type DataFacts, type ImageShape, type NamedTensor, type NonFinite, type Program, type StepParts, type StepResult, type Terms, type WeightNorms } from '../engine';
import { l2Norm } from '../norms';
import { oneHot } from '../oneHot';
import { withSeededMath } from '../seededMath';
import { VaeNetwork } from '../vaeNetwork';
import { lossEagerly } from './eager';
import { Executable, type ExecutableOptions, type FillNoise } from './executable';
import { NotCompilableError } from './graph';
import { NativeMemory, type NativeFloats } from './native/memory';
import { NativeOptimizer } from './native/optimizer';
import { loadRuntime, OnnxMemoryError, type Runtime } from './onnxSession';
import { ASSIGN, GRADIENT, HYPERPARAMETER, PART, Steps, type StepSizes } from './step';
import { fillAsEager, fillFrom, noNoise } from './stepNoise';
import { fingerprintOf } from './fingerprint';
import { isSameStep, type Traced } from './trace/index';
import { sizeOf } from '../sizeOf';

interface Weight { readonly name: string; readonly shape: readonly number[]; readonly values: NativeFloats; readonly gradient: NativeFloats | undefined }

/** A VAE whose training step was traced once, compiled to one ONNX graph, and is called; the optimizer is WebAssembly over the weights. */
export class CompiledProgram implements Program {
  readonly #compiled = new Map<string, Executable>();
  readonly #gradients: ReadonlyMap<string, NativeFloats>;
  readonly #values: ReadonlyMap<string, Float32Array>;
  readonly #steps: Steps;
  readonly #imageSize: number;
  /** The training step as it was last traced. */
  #traced: Traced | undefined;
  #fingerprint: string | undefined;

  private constructor(private readonly runtime: Runtime, private readonly network: VaeNetwork, private readonly sizes: StepSizes, private readonly weights: readonly Weight[], private readonly optimizer: NativeOptimizer, private readonly batchSize: number) {
    this.#gradients = new Map(weights.flatMap(({ name, gradient }) => (gradient ? [[`${GRADIENT}${name}`, gradient]] : [])));
    this.#values = new Map(weights.map(({ name, values }) => [name, values.values]));
    this.#steps = new Steps(network, sizes);
    this.#imageSize = sizeOf(sizes.imageShape);
  }

  /** Builds the weights under `seed`, and traces and compiles the training step for the model's batch size. @throws UnsupportedModelError, or TypeError for shapes that do not fit */
  static async build(model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<CompiledProgram> {
    const runtime = await loadRuntime();
    const network = await onBackend('cpu', () => withSeededMath(seed, () => {
      const made = new VaeNetwork(model, imageShape, data);
      made.initialize();
      return made;
    }));
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
    const { learningRate: _, ...hyperparameters } = firstValues(hyperparametersOf(model));
    const sizes: StepSizes = { imageShape, corrupted: model.data.corruption.length > 0, latentDim: model.latentDim, samples: samplesOf(model.objective), classes: data?.classes, hyperparameters };
    const program = new CompiledProgram(runtime, network, sizes, weights, optimizer, model.training.batchSize);
    try {
      await program.#compileStep();
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  async #compileStep(traced?: Traced): Promise<void> {
    const count = this.batchSize;
    const { latentDim, samples, classes, hyperparameters } = this.sizes;
    const step = await this.#training(count, traced);
    const black: Batch = { count, data: new Float32Array(count * this.#imageSize), ...(classes === undefined ? {} : { labels: new Int32Array(count) }) };
    // Once before anybody waits for a step: a machine whose memory does not hold it says so here.
    this.#run(step, black, new Float32Array(samples * count * latentDim), { learningRate: 0, ...hyperparameters }, fillFrom(new Float32Array(1)));
    this.#fingerprint = this.#traced && fingerprintOf(this.#traced, step.model, this.runtime.version);
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async renew(): Promise<boolean> {
    const again = await onBackend('cpu', () => this.#steps.training(this.batchSize)).catch((error: unknown) => { throw refusal(error, this.batchSize); });
    if (this.#traced && isSameStep(this.#traced, again)) return false;
    this.#forget();
    await this.#compileStep(again);
    return true;
  }

  async #get(key: string, make: () => Traced, options?: ExecutableOptions): Promise<Executable> {
    const known = this.#compiled.get(key);
    if (known) return known;
    const executable = await onBackend('cpu', make).then((traced) => new Executable(this.runtime, traced, this.#values, options)).catch((error: unknown) => { throw refusal(error, this.batchSize); });
    this.#compiled.set(key, executable);
    return executable;
  }
  #training(count: number, traced?: Traced): Promise<Executable> {
    return this.#get(`training ${count}`, () => {
      const step = traced ?? this.#steps.training(count);
      if (count === this.batchSize) this.#traced = step;
      return step;
    }, { place: (name) => this.#gradients.get(name)?.values });
  }

  #evaluation(count: number): Promise<Executable> { return this.#get(`evaluation ${count}`, () => this.#steps.evaluation(count)); }

  /** One run of the training step; its gradients are then in their places. */
  async #forwardAndBackward(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, fill: (step: Executable) => FillNoise | Promise<FillNoise>): Promise<Executable> {
    const step = await this.#training(batch.count);
    this.#run(step, batch, noise, hyperparameters, await fill(step));
    return step;
  }

  #run(step: Executable, batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, fill: FillNoise): void {
    try {
      step.run(this.#inputs(step, batch, noise, hyperparameters), fill);
    } catch (error) {
      throw refusal(error, batch.count);
    }
  }

  #inputs(step: Executable, { data, corrupted: seen = data, labels }: Batch, noise: Float32Array, given: HyperparameterValues): Record<string, Float32Array> {
    const { corrupted, classes, hyperparameters } = this.sizes;
    const inputs: Record<string, Float32Array> = { x: data, noise };
    for (const [name, value] of Object.entries(hyperparameters)) inputs[`${HYPERPARAMETER}${name}`] = Float32Array.of(given[name] ?? value);
    if (corrupted) inputs['corrupted'] = seen;
    if (labels && classes !== undefined && step.needs('labels')) inputs['labels'] = oneHot(labels, classes);
    return inputs;
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> {
    const step = await this.#forwardAndBackward(batch, noise, hyperparameters, () => fillFrom(noise));
    if (!Number.isFinite(step.output('loss')[0])) return { ...partsOf(step), gradientNorm: NaN };
    const normsAfter = perWeight ? this.#watchWeights() : undefined;
    const gradientNorm = this.optimizer.apply(hyperparameters.learningRate);
    for (const name of step.outputs) if (name.startsWith(ASSIGN)) this.#values.get(name.slice(ASSIGN.length))?.set(step.output(name));
    return { ...partsOf(step), gradientNorm, ...(normsAfter ? { weights: normsAfter() } : {}) };
  }

  /** To be called before an update; gives what that did. */
  #watchWeights(): () => WeightNorms[] {
    const before = this.weights.flatMap(({ name, values: { values }, gradient }) => (gradient ? [{ name, values, old: values.slice(), gradient: l2Norm(gradient.values) }] : []));
    return () => before.map(({ name, values, old, gradient }) => ({ name, gradient, change: l2Norm(values, old), weight: l2Norm(values) }));
  }

  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> {
    const step = await this.#forwardAndBackward(batch, noise, hyperparameters, (compiled) => fillAsEager(compiled.noise, noise));
    const given = new Set(step.outputs);
    return this.weights.flatMap(({ name, shape }) => (given.has(`${GRADIENT}${name}`) ? [{ name, shape, data: step.output(`${GRADIENT}${name}`).slice() }] : []));
  }

  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> {
    const evaluation = await this.#evaluation(batch.count);
    this.#run(evaluation, batch, noise, hyperparameters, fillFrom(noise));
    return partsOf(evaluation);
  }

  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    const { count } = batch;
    const terms = await this.#get(`terms ${count} ${samples}`, () => this.#steps.terms(count, samples));
    this.#run(terms, batch, noise, hyperparameters, fillFrom(noise));
    return { reconstruction: terms.output('reconstruction').slice(), logWeight: terms.output('logWeight').slice(), kl: terms.output('kl').slice() };
  }

  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> {
    const inputs = this.#inputs(await (training ? this.#training(batch.count) : this.#evaluation(batch.count)), batch, noise, hyperparameters);
    return lossEagerly(this.network, this.#values, noise, () => this.#steps.loss(batch.count, inputs, training));
  }

  async encode({ count, data, corrupted = data }: Batch): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
    const { latentDim } = this.sizes;
    const bucket = bucketOf(count);
    const encoding = await this.#get(`encoding ${bucket}`, () => this.#steps.encoding(bucket), { threads: 1 });
    encoding.run({ x: filled(corrupted, bucket * this.#imageSize) }, noNoise);
    const [mean, logVariance] = [encoding.output('mean'), encoding.output('logVariance')];
    return { mean: mean.slice(0, count * latentDim), logVariance: logVariance.slice(0, count * latentDim) };
  }

  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> {
    if (!this.network.drawsPrior) return noise;
    const { latentDim } = this.sizes;
    const bucket = bucketOf(count);
    const prior = await this.#get(`prior ${bucket}`, () => this.#steps.prior(bucket), { threads: 1 });
    prior.run({ noise: filled(noise, bucket * latentDim), choices: filled(choices, bucket) }, noNoise);
    return prior.output('z').slice(0, count * latentDim);
  }

  async decode(z: Float32Array, count: number): Promise<Float32Array> {
    const bucket = bucketOf(count);
    const decoding = await this.#get(`decoding ${bucket}`, () => this.#steps.decoding(bucket), { threads: 1 });
    decoding.run({ z: filled(z, bucket * this.sizes.latentDim) }, noNoise);
    return decoding.output('pictures').slice(0, count * this.#imageSize);
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
    this.network.dispose();
  }
}

/** What cannot be compiled is an engine's refusal, with the person's line. */
function refusal(error: unknown, batchSize: number): unknown {
  if (error instanceof OnnxMemoryError || isOutOfMemory(error)) return new OutOfMemoryError(batchSize);
  if (!(error instanceof NotCompilableError)) return error;
  const { message, madeAt } = error;
  return new UnsupportedModelError(madeAt === undefined ? `The engine "compiled" cannot train this model. ${message}` : `The engine "compiled" cannot train this model. ${message} (${madeAt})`, madeAt);
}

function partsOf(step: Executable): StepParts {
  const parts = [...step.outputs].filter((name) => name.startsWith(PART)).map((name): [string, number] => [name.slice(PART.length), step.output(name)[0] ?? NaN]);
  return { loss: step.output('loss')[0] ?? NaN, parts: Object.fromEntries(parts) };
}
