import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import type { ImageShape } from '../engine';
import type { Losses, StepInputs, VaeNetwork } from '../vaeNetwork';
import { sizeOf } from '../sizeOf';
import { trace, type Traced, type TraceOptions } from './trace/index';

export const GRADIENT = 'gradient:';
export const ASSIGN = 'assign:';

type Step = TraceOptions['step'];
type Inputs = TraceOptions['inputs'];

function given(inputs: Record<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = inputs[name];
  assert(tensor, `no input "${name}"`);
  return tensor;
}

/** Names of the step's scalars and of the parts of its loss are a person's: these keep them apart from others. */
export const HYPERPARAMETER = 'hyperparameter:';
export const PART = 'part:';

/** What the shapes of a step's inputs follow from, besides the number of examples. */
export interface StepSizes {
  readonly imageShape: ImageShape;
  /** The encoder is given pictures of its own, as an input of that name. */
  readonly corrupted: boolean;
  readonly latentDim: number;
  readonly samples: number;
  readonly classes: number | undefined;
  /** Those that the step is given, which the learning rate is not, with the values that the model starts with. */
  readonly hyperparameters: Readonly<Record<string, number>>;
}

/** What is traced of a network: its training step, its evaluation, its encoder, its decoder and its prior, for a fixed number of examples each. */
export class Steps {
  constructor(private readonly network: VaeNetwork, private readonly sizes: StepSizes) {}

  #trace(inputs: Inputs, step: Step): Traced { return trace({ inputs, variables: this.network.weights, step }); }
  /** With their pixels in a row, as most graphs take them first of all. */
  #images(name: string, count: number): Inputs[number] { return { name, shape: [count, sizeOf(this.sizes.imageShape)] }; }
  /** With their own shape. */
  #imagesOf(rows: tf.Tensor): tf.Tensor { return tf.reshape(rows, [rows.shape[0] ?? 0, ...this.sizes.imageShape]); }
  #lossInputs(count: number, samples = this.sizes.samples): Inputs {
    const { corrupted, latentDim, classes, hyperparameters } = this.sizes;
    return [
      this.#images('x', count), ...(corrupted ? [this.#images('corrupted', count)] : []),
      { name: 'noise', shape: [samples * count, latentDim] }, ...(classes === undefined ? [] : [{ name: 'labels', shape: [count, classes] }]),
      ...Object.keys(hyperparameters).map((name) => ({ name: `${HYPERPARAMETER}${name}`, shape: [] })),
    ];
  }

  /** Inputs x, corrupted and labels where there are some, noise, `hyperparameter:NAME` and the weights; outputs loss, `part:NAME`, `gradient:WEIGHT`, and `assign:WEIGHT` for what the step assigns, such as batch-norm averages. */
  training(count: number): Traced {
    const { trainable } = this.network;
    const names = new Map(trainable.map(({ name, variable }) => [variable.name, name]));
    return this.#trace(this.#lossInputs(count), (inputs) => {
      let parts: Record<string, tf.Scalar> = {};
      const { grads } = tf.variableGrads(() => {
        const losses = this.#losses(inputs, true);
        parts = Object.fromEntries(Object.entries(named(losses)).map(([name, part]) => [name, tf.keep(part)])); // else they end with the gradient's scope
        return losses.loss;
      }, trainable.map(({ variable }) => variable));
      return { ...unkept(parts), ...Object.fromEntries(Object.entries(grads).filter(([, gradient]) => (gradient as tf.Tensor | null) !== null).map(([name, gradient]) => [`${GRADIENT}${names.get(name) ?? name}`, gradient])) };
    });
  }

  /** Inputs as of training; outputs loss and `part:NAME`. */
  evaluation(count: number): Traced { return this.#trace(this.#lossInputs(count), (inputs) => named(this.#losses(inputs, false))); }
  /** Inputs as of training, with noise for so many samples an example; outputs reconstruction, logWeight and kl. */
  terms(count: number, samples: number): Traced { return this.#trace(this.#lossInputs(count, samples), (inputs) => this.network.terms(this.#stepInputs(inputs), samples)); }
  /** The loss itself, on the current backend, of the values of the inputs, labels only where they are asked for. */
  loss(count: number, values: Readonly<Record<string, Float32Array>>, training: boolean): tf.Scalar {
    const inputs = Object.fromEntries(this.#lossInputs(count).flatMap(({ name, shape }) => (values[name] ? [[name, tf.tensor(values[name], [...shape])]] : [])));
    return this.#losses(inputs, training).loss;
  }
  /** Input x, and labels where the model is conditional; outputs mean, and logVariance where codes are Gaussians, or indices where they are of a codebook. */
  encoding(count: number): Traced { return this.#trace([this.#images('x', count), ...this.#rows(count)], (inputs) => ({ ...this.network.encode(this.#imagesOf(given(inputs, 'x')), inputs['labels']) })); }
  /** Input z, and labels where the model is conditional; output pictures. */
  decoding(count: number): Traced {
    return this.#trace([{ name: 'z', shape: [count, this.sizes.latentDim] }, ...this.#rows(count)], (inputs) => ({ pictures: this.network.pictures(given(inputs, 'z'), inputs['labels']) }));
  }
  #rows(count: number): Inputs { return this.network.conditionClasses === undefined ? [] : [{ name: 'labels', shape: [count, this.network.conditionClasses] }]; }
  /** Inputs noise and choices; output z. */
  prior(count: number): Traced {
    return this.#trace([{ name: 'noise', shape: [count, this.sizes.latentDim] }, { name: 'choices', shape: [count] }], (inputs) => ({ z: this.network.drawPrior(given(inputs, 'noise'), given(inputs, 'choices')) }));
  }

  #losses(inputs: Record<string, tf.Tensor>, training: boolean): Losses { return this.network.losses(this.#stepInputs(inputs), training); }
  #stepInputs(inputs: Record<string, tf.Tensor>): StepInputs {
    const { corrupted, labels } = inputs;
    return {
      x: this.#imagesOf(given(inputs, 'x')), corrupted: corrupted && this.#imagesOf(corrupted), noise: given(inputs, 'noise'), labels: labels && (() => labels),
      hyperparameters: Object.fromEntries(Object.keys(this.sizes.hyperparameters).map((name) => [name, given(inputs, `${HYPERPARAMETER}${name}`) as tf.Scalar])),
    };
  }
}

const named = ({ loss, parts }: Losses): Record<string, tf.Scalar> => ({ loss, ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [`${PART}${name}`, part])) });

/** Tensors of the current scope in place of kept ones. */
function unkept(parts: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => {
    const own = tf.clone(part);
    part.dispose();
    return [name, own];
  }));
}
