import type { Random } from '../../training/random';
import { lower } from './lower/index';
import { OnnxSession, type OnnxTensor } from './onnxSession';
import type { loadRuntime } from './onnxSession';
import type { NoiseInput, Traced } from './trace/index';

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const TRUNCATED_AT = 2;

/** Fills a step's own noise, such as dropout's. */
function draw({ kind, scale, shift }: NoiseInput, random: Random, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) {
    let value = kind === 'uniform' ? random.uniform() : random.normal();
    while (kind === 'truncatedNormal' && Math.abs(value) > TRUNCATED_AT) value = random.normal();
    into[i] = scale * value + shift;
  }
}

export interface ExecutableOptions {
  readonly threads?: number;
  /** Where an output is to be put; others get memory of their own. */
  readonly place?: (output: string, count: number) => Float32Array | undefined;
}

/** A traced step, compiled: weights are read where they are, outputs are written where they are wanted. */
export class Executable {
  readonly #session: OnnxSession;
  readonly #noise: readonly { readonly input: NoiseInput; readonly tensor: OnnxTensor; readonly values: Float32Array }[];
  readonly #weights: Record<string, OnnxTensor>;
  readonly #outputs: Record<string, OnnxTensor> = {};
  readonly #values = new Map<string, Float32Array>();
  readonly #needed: ReadonlyMap<string, readonly number[]>;

  /** `weights` hold the variables' values by their names in the graph. @throws NotCompilableError, EngineError */
  constructor(runtime: Awaited<ReturnType<typeof loadRuntime>>, { graph, noise }: Traced, weights: ReadonlyMap<string, Float32Array>, { threads, place }: ExecutableOptions = {}) {
    const { model, inputs, outputs } = lower(graph);
    this.#session = new OnnxSession(runtime, model, threads);
    const needed = new Set(inputs);
    const shapes = new Map(graph.inputs.map(({ name, value }) => [name, value.shape]));
    const noisy = new Set(noise.map(({ name }) => name));
    this.#needed = new Map(inputs.filter((name) => !weights.has(name) && !noisy.has(name)).map((name) => [name, shapes.get(name) ?? []]));
    this.#weights = Object.fromEntries([...weights].filter(([name]) => needed.has(name)).map(([name, values]) => [name, this.#session.tensor(values, shapes.get(name) ?? [])]));
    this.#noise = noise.filter(({ name }) => needed.has(name)).map((input) => {
      const values = new Float32Array(size(input.shape));
      return { input, values, tensor: this.#session.tensor(values, input.shape) };
    });
    for (const { name, value: { shape } } of graph.outputs) {
      if (!outputs.includes(name)) continue;
      const values = place?.(name, size(shape)) ?? new Float32Array(size(shape));
      this.#values.set(name, values);
      this.#outputs[name] = this.#session.tensor(values, shape);
    }
  }

  get outputs(): Iterable<string> { return this.#values.keys(); }

  /** `random` is drawn from only where the step has noise of its own. @throws EngineError */
  run(given: Readonly<Record<string, Float32Array>>, random: () => Random): void {
    const inputs = { ...this.#weights };
    for (const [name, shape] of this.#needed) {
      const values = given[name];
      if (values?.length !== size(shape)) throw new Error(`The compiled step wants ${size(shape)} values as "${name}"; it got ${values?.length ?? 0}.`);
      inputs[name] = this.#session.tensor(values, shape);
    }
    if (this.#noise.length > 0) {
      const generator = random();
      for (const { input, values } of this.#noise) draw(input, generator, values);
    }
    for (const { input, tensor } of this.#noise) inputs[input.name] = tensor;
    this.#session.run(inputs, this.#outputs);
  }

  /** Of the last run, in the executable's own memory. */
  output(name: string): Float32Array {
    const values = this.#values.get(name);
    if (!values) throw new Error(`The compiled step has no output "${name}".`);
    return values;
  }

  dispose(): void { this.#session.dispose(); }
}
