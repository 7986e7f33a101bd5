import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { lower } from './lower/index';
import { OnnxSession, type OnnxTensor, type Runtime } from './onnxSession';
import type { NoiseInput, Traced } from './trace/index';
import { sizeOf } from '../sizeOf';


/** Fills a step's own noise, such as dropout's. */
export type FillNoise = (input: NoiseInput, into: Float32Array) => void;

export interface ExecutableOptions {
  readonly threads?: number;
  /** Where an output is to be put; others get memory of their own. */
  readonly place?: (output: string, count: number) => Float32Array | undefined;
}

/** A traced step, compiled: weights are read where they are, outputs are written where they are wanted. */
export class Executable {
  /** SHA-256 of its ONNX model. */
  readonly model: string;
  readonly #session: OnnxSession;
  readonly #noise: readonly { readonly input: NoiseInput; readonly tensor: OnnxTensor; readonly values: Float32Array }[];
  readonly #weights: Record<string, OnnxTensor>;
  readonly #outputs: Record<string, OnnxTensor> = {};
  readonly #values = new Map<string, Float32Array>();
  readonly #needed: ReadonlyMap<string, readonly number[]>;

  /** `weights` hold the variables' values by their names in the graph. @throws NotCompilableError, EngineError, OnnxMemoryError */
  constructor(runtime: Runtime, { graph, noise }: Traced, weights: ReadonlyMap<string, Float32Array>, { threads, place }: ExecutableOptions = {}) {
    const { model, inputs, outputs } = lower(graph);
    this.model = createHash('sha256').update(model).digest('hex');
    this.#session = new OnnxSession(runtime, model, threads);
    const needed = new Set(inputs);
    const shapes = new Map(graph.inputs.map(({ name, value }) => [name, value.shape]));
    const noisy = new Set(noise.map(({ name }) => name));
    this.#needed = new Map(inputs.filter((name) => !weights.has(name) && !noisy.has(name)).map((name) => [name, shapes.get(name) ?? []]));
    this.#weights = Object.fromEntries([...weights].filter(([name]) => needed.has(name)).map(([name, values]) => [name, this.#session.tensor(values, shapes.get(name) ?? [])]));
    this.#noise = noise.filter(({ name }) => needed.has(name)).map((input) => {
      const values = new Float32Array(sizeOf(input.shape));
      return { input, values, tensor: this.#session.tensor(values, input.shape) };
    });
    for (const { name, value: { shape } } of graph.outputs) {
      if (!outputs.includes(name)) continue;
      const values = place?.(name, sizeOf(shape)) ?? new Float32Array(sizeOf(shape));
      this.#values.set(name, values);
      this.#outputs[name] = this.#session.tensor(values, shape);
    }
  }

  get noise(): readonly NoiseInput[] { return this.#noise.map(({ input }) => input); }
  /** Whether what it computes depends on an input. */
  needs(input: string): boolean { return this.#needed.has(input); }
  /** Of the last run, in the executable's own memory. */
  get outputs(): ReadonlyMap<string, Float32Array> { return this.#values; }

  /** @throws EngineError, OnnxMemoryError */
  run(given: Readonly<Record<string, Float32Array>>, fill: FillNoise): void {
    const inputs = { ...this.#weights };
    for (const [name, shape] of this.#needed) {
      const values = given[name];
      assert(values?.length === sizeOf(shape), `"${name}" has ${values?.length ?? 0} values, not ${sizeOf(shape)}`);
      inputs[name] = this.#session.tensor(values, shape);
    }
    for (const { input, tensor, values } of this.#noise) {
      fill(input, values);
      inputs[input.name] = tensor;
    }
    this.#session.run(inputs, this.#outputs);
  }

  /** One that there must be. */
  output(name: string): Float32Array {
    const values = this.#values.get(name);
    assert(values, `no output "${name}"`);
    return values;
  }

  dispose(): void { this.#session.dispose(); }
}
