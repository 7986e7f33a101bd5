import assert from 'node:assert';
import { onBackend } from '../engines/backends';
import { Executable } from '../engines/compiled/executable';
import { NativeMemory, type NativeFloats } from '../engines/compiled/native/memory';
import { NativeOptimizer } from '../engines/compiled/native/optimizer';
import { loadRuntime, type Runtime } from '../engines/compiled/onnxSession';
import { GRADIENT } from '../engines/compiled/step';
import { noNoise } from '../engines/compiled/stepNoise';
import { trace, type TraceOptions } from '../engines/compiled/trace/index';
import * as tf from '@tensorflow/tfjs';
import { adam } from '../../vae/optimizers';
import { sizeOf } from '../engines/sizeOf';
import { tensorsOf } from '../engines/checkpoint';
import type { NamedTensor } from '../engines/index';
import { Random } from '../training/random';
import { logitsAt, negativeLogProbability, pixelCnnWeights, type CodeGrid, type PixelCnnSize } from './pixelCnn';

const Stream = { weights: 71 } as const;
/** Grids a call of what is only looked at. */
export const GRIDS_A_CALL = 64;
interface Weight { readonly name: string; readonly shape: readonly number[]; readonly values: NativeFloats; readonly gradient: NativeFloats; readonly variable: tf.Variable }

/** An autoregressive distribution of grids of codes, compiled as training steps are. Indices are [count, places], row by row. */
export class CodePrior {
  readonly #compiled = new Map<string, Executable>();
  readonly #values: ReadonlyMap<string, Float32Array>;
  readonly #gradients: ReadonlyMap<string, Float32Array>;
  readonly places: number;

  private constructor(private readonly runtime: Runtime, readonly grid: CodeGrid, readonly size: PixelCnnSize, private readonly weights: readonly Weight[], private readonly optimizer: NativeOptimizer) {
    this.#values = new Map(weights.map(({ name, values }) => [name, values.values]));
    this.#gradients = new Map(weights.map(({ name, gradient }) => [`${GRADIENT}${name}`, gradient.values]));
    this.places = grid.rows * grid.columns;
  }

  /** Initial weights come from `seed`. @throws EngineUnavailableError where onnxruntime does not load */
  static async build(grid: CodeGrid, size: PixelCnnSize, seed: number): Promise<CodePrior> {
    const runtime = await loadRuntime();
    const specs = Object.entries(pixelCnnWeights(grid, size));
    const memory = await NativeMemory.create(specs.flatMap(([, { shape }]) => Array.from({ length: 4 }, () => sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT)));
    const random = new Random(seed, Stream.weights);
    const weights = await onBackend('cpu', () => specs.map(([name, { shape, scale }]): Weight => {
      const values = memory.floats(sizeOf(shape));
      if (scale > 0) values.values.set(random.normals(values.values.length).map((value) => value * scale));
      return { name, shape, values, gradient: memory.floats(sizeOf(shape)), variable: tf.tidy(() => tf.variable(tf.zeros([...shape]))) };
    }));
    return new CodePrior(runtime, grid, size, weights, new NativeOptimizer(memory, adam(), weights.map(({ name, values, gradient }) => ({ name, weight: values, gradient })), 1));
  }

  async #get(key: string, inputs: TraceOptions['inputs'], step: (inputs: Record<string, tf.Tensor>, weight: (name: string) => tf.Tensor) => Record<string, tf.Tensor>): Promise<Executable> {
    const known = this.#compiled.get(key);
    if (known) return known;
    const byName = new Map(this.weights.map(({ name, variable }) => [name, variable]));
    const weight = (name: string): tf.Tensor => { const found = byName.get(name); assert(found, `no weight "${name}"`); return found; };
    const executable = await onBackend('cpu', () => new Executable(this.runtime, trace({ inputs, variables: this.weights, step: (given) => step(given, weight) }), this.#values, { place: (name) => this.#gradients.get(name) }));
    this.#compiled.set(key, executable);
    return executable;
  }

  /** One update. Gives -log p of a grid before it, nats, on average. */
  async step(indices: Float32Array, count: number, learningRate: number): Promise<number> {
    const executable = await this.#get(`training ${count}`, [{ name: 'indices', shape: [count, this.places] }], ({ indices: given }, weight) => {
      let loss: tf.Scalar | undefined;
      const { grads } = tf.variableGrads(() => {
        const mean = tf.mean(negativeLogProbability(given as tf.Tensor, this.grid, this.size, weight)) as tf.Scalar;
        loss = tf.keep(mean);
        return mean;
      }, this.weights.map(({ variable }) => variable));
      const names = new Map(this.weights.map(({ name, variable }) => [variable.name, name]));
      const told = tf.clone(loss as tf.Scalar);
      loss?.dispose();
      return { loss: told, ...Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [`${GRADIENT}${names.get(name) ?? name}`, gradient])) };
    });
    executable.run({ indices }, noNoise);
    const loss = executable.output('loss')[0] ?? NaN;
    return Number.isFinite(loss) && Number.isNaN(this.optimizer.apply(learningRate)) ? NaN : loss;
  }

  /** -log p of each grid, [count], nats. */
  async nats(indices: Float32Array, count: number): Promise<Float32Array> {
    const executable = await this.#get('nats', [{ name: 'indices', shape: [GRIDS_A_CALL, this.places] }], ({ indices: given }, weight) => ({ result: negativeLogProbability(given as tf.Tensor, this.grid, this.size, weight) }));
    const nats = new Float32Array(count);
    for (let from = 0; from < count; from += GRIDS_A_CALL) {
      const given = new Float32Array(GRIDS_A_CALL * this.places); // a short call is filled up: each shape would be compiled of its own
      given.set(indices.subarray(from * this.places, Math.min(count, from + GRIDS_A_CALL) * this.places));
      executable.run({ indices: given }, noNoise);
      nats.set(executable.output('result').subarray(0, Math.min(GRIDS_A_CALL, count - from)), from);
    }
    return nats;
  }

  /** Logits of the code at a place, [count, codes], given those before it; others are not looked at. In memory that the next call writes over. */
  async logits(indices: Float32Array, count: number, place: number): Promise<Float32Array> {
    const executable = await this.#get(`logits ${count}`, [{ name: 'indices', shape: [count, this.places] }, { name: 'place', shape: [this.places] }], ({ indices: given, place: at }, weight) => ({ result: logitsAt(given as tf.Tensor, at as tf.Tensor, this.grid, this.size, weight) }));
    const at = new Float32Array(this.places);
    at[place] = 1;
    executable.run({ indices, place: at }, noNoise);
    return executable.output('result');
  }

  getState(): NamedTensor[] { return this.weights.map(({ name, shape, values }) => ({ name, shape, data: values.values.slice() })); }
  /** @throws Error where a tensor is missing or of another shape */
  setState(state: readonly NamedTensor[]): void { tensorsOf(state, this.weights).forEach(({ data }, i) => { this.weights[i]?.values.values.set(data); }); }

  dispose(): void {
    for (const executable of this.#compiled.values()) executable.dispose();
    this.#compiled.clear();
    for (const { variable } of this.weights) variable.dispose();
  }
}
