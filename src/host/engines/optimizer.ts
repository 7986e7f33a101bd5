import * as tf from '@tensorflow/tfjs';
import type { OptimizerDescription } from '../../vae/optimizers';
import type { NamedVariable } from './network';

/** A weight and its gradient. */
export interface Pair { readonly weight: NamedVariable; readonly gradient: tf.Tensor }
/** What a checkpoint holds of a program, one tensor. */
export interface StateTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Call inside tf.tidy. */
  read(): tf.Tensor;
  assign(value: tf.Tensor): void;
}
export interface Optimizer {
  /** Updates made, for Adam's bias correction. */
  updates: number;
  readonly slots: readonly StateTensor[];
  /** Call inside tf.tidy. */
  apply(pairs: readonly Pair[], learningRate: number): void;
  dispose(): void;
}
export type MakeOptimizer = (description: OptimizerDescription, weights: readonly NamedVariable[]) => Optimizer;

export const stateOf = ({ name, variable }: { readonly name: string; readonly variable: tf.Variable }): StateTensor =>
  ({ name, shape: variable.shape, read: () => variable, assign: (value) => { variable.assign(value); } });

/** Optimizers as plain tensor operations: the learning rate is an input of the step, and every slot is in the state. */
export class PlainOptimizer implements Optimizer {
  readonly #description: OptimizerDescription;
  readonly #slots: { name: string; variable: tf.Variable }[] = [];
  readonly #bySlot = new Map<string, tf.Variable>();
  updates = 0;

  constructor(description: OptimizerDescription, weights: readonly NamedVariable[]) {
    this.#description = description;
    const kinds = { adam: ['m', 'v'], adamw: ['m', 'v'], rmsprop: ['v'], sgd: description.kind === 'sgd' && description.momentum > 0 ? ['m'] : [] }[description.kind];
    for (const weight of weights) {
      for (const kind of kinds) {
        const variable = tf.tidy(() => tf.variable(tf.zeros(weight.variable.shape), false));
        this.#slots.push({ name: `optimizer/${kind}/${weight.name}`, variable });
        this.#bySlot.set(`${kind}/${weight.name}`, variable);
      }
    }
  }

  get slots(): readonly StateTensor[] { return this.#slots.map(stateOf); }

  #slot(kind: string, weight: NamedVariable): tf.Variable {
    const slot = this.#bySlot.get(`${kind}/${weight.name}`);
    if (!slot) throw new Error(`No optimizer slot ${kind} for ${weight.name}.`);
    return slot;
  }

  apply(pairs: readonly Pair[], learningRate: number): void {
    this.updates++;
    const keep = this.#description.kind === 'adamw' ? 1 - learningRate * this.#description.weightDecay : 1;
    for (const { weight, gradient } of pairs) {
      const kept = keep === 1 ? weight.variable : tf.mul(weight.variable, keep);
      weight.variable.assign(tf.sub(kept, tf.mul(this.#direction(weight, gradient), learningRate)));
    }
  }

  #direction(weight: NamedVariable, g: tf.Tensor): tf.Tensor {
    const o = this.#description;
    switch (o.kind) {
      case 'sgd': {
        if (o.momentum === 0) return g;
        const m = this.#slot('m', weight);
        m.assign(tf.add(tf.mul(m, o.momentum), g));
        return o.nesterov ? tf.add(g, tf.mul(m, o.momentum)) : m;
      }
      case 'rmsprop': {
        const v = this.#slot('v', weight);
        v.assign(tf.add(tf.mul(v, o.decay), tf.mul(tf.square(g), 1 - o.decay)));
        return tf.div(g, tf.add(tf.sqrt(v), o.epsilon));
      }
      case 'adam':
      case 'adamw': {
        const m = this.#slot('m', weight);
        const v = this.#slot('v', weight);
        m.assign(tf.add(tf.mul(m, o.beta1), tf.mul(g, 1 - o.beta1)));
        v.assign(tf.add(tf.mul(v, o.beta2), tf.mul(tf.square(g), 1 - o.beta2)));
        const first = 1 / (1 - o.beta1 ** this.updates);
        const second = Math.sqrt(1 / (1 - o.beta2 ** this.updates));
        return tf.div(tf.mul(m, first), tf.add(tf.mul(tf.sqrt(v), second), o.epsilon));
      }
    }
  }

  dispose(): void { for (const { variable } of this.#slots) variable.dispose(); }
}
