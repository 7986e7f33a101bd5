import * as tf from '@tensorflow/tfjs';
import type { Builder, Network } from '../../vae/model';
import { errorText } from '../../protocol/errorText';
import { NotCompilableError } from './compiled/graph';
import { forLayer } from './compiled/trace/madeAt';
import { isOutOfMemory, type ImageShape } from './engine';
import { initializeAsTorch, leaveStart } from './initialize';

export interface NamedVariable { readonly name: string; readonly variable: tf.Variable; readonly trainable: boolean }

/** A builder's result, applied eagerly; remembers every layer made by it, so that functions of tensors have weights too. */
export class BuiltNetwork {
  readonly #part: string;
  readonly #layers: tf.layers.Layer[] = [];
  /** The stack where a layer was made: the person's line, for what goes wrong with it later. */
  readonly #madeAt = new WeakMap<tf.layers.Layer, string>();
  /** Options a layer was made with. */
  readonly #given = new WeakMap<tf.layers.Layer, ReadonlySet<string>>();
  readonly #own: { name: string; variable: tf.Variable }[] = [];
  readonly #network: Network;

  /** `startsAsTorch`: `initializeAsTorch` will be called. */
  constructor(part: 'encoder' | 'decoder', builder: Builder, imageShape: ImageShape, startsAsTorch: boolean) {
    this.#part = part;
    const made = this.#layers;
    const layers = new Proxy(tf.layers, {
      get: (target, name, receiver) => {
        const factory: unknown = Reflect.get(target, name, receiver);
        if (typeof factory !== 'function') return factory;
        return (...given: unknown[]): unknown => {
          const result: unknown = Reflect.apply(factory, target, given);
          if (result instanceof tf.layers.Layer) {
            made.push(result);
            this.#madeAt.set(result, new Error().stack ?? '');
            const options = new Set(Object.keys(given[0] ?? {}));
            this.#given.set(result, options);
            if (startsAsTorch) leaveStart(result, options);
          }
          return result;
        };
      },
    });
    this.#network = builder({ layers, variable: (name, shape) => this.#makeVariable(name, shape), imageShape });
    if (typeof this.#network === 'function') return;
    if (!Array.isArray(this.#network)) throw new TypeError(`The ${part} must return a list of layers or a function of a tensor.`);
    this.#network.forEach((layer: unknown, i) => {
      if (!(layer instanceof tf.layers.Layer)) throw new TypeError(`Item ${i + 1} of the ${part}'s list is not a layer; make it with layers.dense(...) and the like.`);
      if (!made.includes(layer)) made.push(layer);
    });
  }

  #makeVariable(name: string, shape: number[]): tf.Variable {
    if (this.#own.some((own) => own.name === name)) throw new TypeError(`The ${this.#part} has two variables named "${name}".`);
    const fanOut = shape.at(-1) ?? 1;
    const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    const variable = tf.tidy(() => tf.variable(shape.length < 2 ? tf.zeros(shape) : tf.randomUniform(shape, -limit, limit, 'float32', Math.random())));
    this.#own.push({ name, variable });
    return variable;
  }

  apply(input: tf.Tensor, training: boolean): tf.Tensor {
    if (typeof this.#network === 'function') return one(this.#network(input), this.#part);
    let x = input;
    this.#network.forEach((layer, i) => {
      try {
        x = forLayer(this.#madeAt.get(layer), () => one(layer.apply(x, { training }), this.#part));
      } catch (error) {
        if (isMissingKernel(error) || isOutOfMemory(error) || error instanceof NotCompilableError) throw error;
        const why = errorText(error);
        const wrong = new TypeError(`Layer ${i + 1} of the ${this.#part} (${layer.getClassName()}) cannot take a tensor of shape [${x.shape.join(', ')}]: ${why}`);
        wrong.stack = `${wrong.message}\n${this.#madeAt.get(layer) ?? ''}`;
        throw wrong;
      }
    });
    return x;
  }

  /** After the first `apply`, which builds the layers. */
  initializeAsTorch(): void {
    for (const layer of this.#layers) initializeAsTorch(layer, this.#given.get(layer) ?? new Set());
  }

  /** Known only after the first `apply`, which builds the layers. Nested layers share their container's weights. */
  variables(): NamedVariable[] {
    const seen = new Set<tf.Variable>();
    const found: NamedVariable[] = [];
    this.#layers.forEach((layer, i) => {
      const trainable = new Set(layer.trainableWeights);
      layer.weights.forEach((weight, k) => {
        const variable = weight.read() as tf.Variable;
        if (seen.has(variable)) return;
        seen.add(variable);
        found.push({ name: `${this.#part}/${i}/${k}-${weight.originalName.split('/').at(-1) ?? ''}`, variable, trainable: trainable.has(weight) });
      });
    });
    return [...found, ...this.#own.map(({ name, variable }) => ({ name: `${this.#part}/own/${name}`, variable, trainable: true }))];
  }
}

function one(result: unknown, part: string): tf.Tensor {
  if (result instanceof tf.Tensor) return result;
  throw new TypeError(`The ${part} must give one tensor.`);
}

/** The kernel that such an error names. */
export const kernelNamedBy = (error: unknown): string | undefined => /kernel '?(\w+)'?/i.exec(error instanceof Error ? error.message : '')?.[1];

/** TensorFlow.js's way of saying that a backend lacks an operation. */
export const isMissingKernel = (error: unknown): boolean => error instanceof Error && /not registered for backend|[Kk]ernel .* not (found|registered)|not yet implemented|not supported for backend/.test(error.message);
