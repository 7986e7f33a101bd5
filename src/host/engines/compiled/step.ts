import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import type { Batch, ImageShape } from '../engine';
import type { VaeNetwork } from '../vaeNetwork';
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

/** What is traced of a network: its training step, its evaluation, its encoder and its decoder, for a fixed number of examples each. */
export class Steps {
  /** `corrupted`: the encoder is given pictures of its own, as an input of that name. */
  constructor(private readonly network: VaeNetwork, private readonly imageShape: ImageShape, private readonly latentDim: number, private readonly corrupted = false) {}

  #trace(inputs: Inputs, step: Step): Traced { return trace({ inputs, variables: this.network.weights, step }); }
  #lossInputs(count: number): Inputs { return [{ name: 'x', shape: [count, ...this.imageShape] }, ...(this.corrupted ? [{ name: 'corrupted', shape: [count, ...this.imageShape] }] : []), { name: 'noise', shape: [count, this.latentDim] }, { name: 'beta', shape: [] }]; }

  /** Inputs x, noise, beta and the weights; outputs loss, reconstruction, kl, `gradient:WEIGHT` and `assign:WEIGHT` for batch-norm averages. */
  training(count: number): Traced {
    const { trainable } = this.network;
    const names = new Map(trainable.map(({ name, variable }) => [variable.name, name]));
    return this.#trace(this.#lossInputs(count), (inputs) => {
      let parts: Record<string, tf.Scalar> = {};
      const { grads } = tf.variableGrads(() => {
        const losses = this.#losses(inputs, true);
        parts = Object.fromEntries(Object.entries(losses).map(([name, part]) => [name, tf.keep(part)])); // else they end with the gradient's scope
        return losses.loss;
      }, trainable.map(({ variable }) => variable));
      return { ...unkept(parts), ...Object.fromEntries(Object.entries(grads).filter(([, gradient]) => (gradient as tf.Tensor | null) !== null).map(([name, gradient]) => [`${GRADIENT}${names.get(name) ?? name}`, gradient])) };
    });
  }

  /** Inputs as of training; outputs loss, reconstruction, kl. */
  evaluation(count: number): Traced { return this.#trace(this.#lossInputs(count), (inputs) => ({ ...this.#losses(inputs, false) })); }
  /** The loss itself, on the current backend. */
  loss({ count, data, corrupted = data }: Batch, noise: Float32Array, beta: number, training: boolean): tf.Scalar {
    const pictures = (values: Float32Array): tf.Tensor => tf.tensor(values, [count, ...this.imageShape]);
    return this.#losses({ x: pictures(data), ...(this.corrupted ? { corrupted: pictures(corrupted) } : {}), noise: tf.tensor(noise, [count, this.latentDim]), beta: tf.scalar(beta) }, training).loss;
  }
  /** Input x; outputs mean, logVariance. */
  encoding(count: number): Traced { return this.#trace([{ name: 'x', shape: [count, ...this.imageShape] }], (inputs) => ({ ...this.network.encode(given(inputs, 'x'), false) })); }
  /** Input z; output pictures. */
  decoding(count: number): Traced { return this.#trace([{ name: 'z', shape: [count, this.latentDim] }], (inputs) => ({ pictures: this.network.pictures(given(inputs, 'z')) })); }

  #losses(inputs: Record<string, tf.Tensor>, training: boolean) { return this.network.losses(given(inputs, 'x'), given(inputs, 'noise'), given(inputs, 'beta') as tf.Scalar, training, this.corrupted ? given(inputs, 'corrupted') : undefined); }
}

/** Tensors of the current scope in place of kept ones. */
function unkept(parts: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => {
    const own = tf.clone(part);
    part.dispose();
    return [name, own];
  }));
}
