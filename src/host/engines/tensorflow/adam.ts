import * as tf from '@tensorflow/tfjs';
import type { AdamDescription, AdamWDescription } from '../../../vae/optimizers';
import type { NamedVariable } from '../network';
import { PlainOptimizer, type MakeOptimizer, type Optimizer, type Pair, type StateTensor } from '../optimizer';
import { adamScalars } from './adamScalars';
import { ResourceVariable } from './operations';

interface Slots { readonly weight: NamedVariable; readonly w: ResourceVariable; readonly m: ResourceVariable; readonly v: ResourceVariable; /** Never sent to TensorFlow. */ readonly placeholder: tf.Tensor; /** The value that `w` holds too. */ current: object | undefined }

/**
 * Adam (Kingma & Ba 2015) by TensorFlow's ResourceApplyAdam: one operation a weight. TensorFlow adds epsilon before the second moment's bias
 * correction, PyTorch and this class after it; epsilon * sqrt(1 - beta2^t) makes them the same. And it computes the corrections and 1 - beta in
 * single precision, which is wrong in the fifth digit: so it is told that there is nothing to correct, and gets a rate in which all is corrected.
 * TensorFlow has no operation for decoupled weight decay: the weight shrinks before.
 */
class ResourceAdam implements Optimizer {
  updates = 0;
  readonly #slots: readonly Slots[];
  readonly #fixed: readonly tf.Tensor[];

  constructor(private readonly description: AdamDescription | AdamWDescription, weights: readonly NamedVariable[]) {
    this.#slots = weights.map((weight) => {
      const { shape } = weight.variable;
      const [w, m, v] = [new ResourceVariable(shape), new ResourceVariable(shape), new ResourceVariable(shape)];
      tf.tidy(() => { for (const slot of [m, v]) slot.assign(tf.zeros(shape)); });
      return { weight, w, m, v, placeholder: tf.keep(tf.zeros(shape)), current: undefined };
    });
    this.#fixed = [tf.keep(tf.scalar(0)), tf.keep(tf.scalar(description.beta1)), tf.keep(tf.scalar(description.beta2))];
  }

  get slots(): readonly StateTensor[] {
    return this.#slots.flatMap(({ weight, m, v }) => ([['m', m], ['v', v]] as const).map(([kind, slot]) =>
      ({ name: `optimizer/${kind}/${weight.name}`, shape: slot.shape, read: () => slot.read(), assign: (value: tf.Tensor) => { slot.assign(value); } })));
  }

  apply(pairs: readonly Pair[], learningRate: number): void {
    this.updates++;
    const { rate, epsilon } = adamScalars(this.description, learningRate, this.updates);
    const [none, ...betas] = this.#fixed as [tf.Tensor, tf.Tensor, tf.Tensor];
    const scalars = [none, none, tf.scalar(rate), ...betas, tf.scalar(epsilon)];
    const keep = this.description.kind === 'adamw' ? 1 - learningRate * this.description.weightDecay : 1;
    const gradients = new Map(pairs.map(({ weight, gradient }) => [weight, gradient]));
    for (const slots of this.#slots) {
      const gradient = gradients.get(slots.weight);
      if (!gradient) continue;
      const { variable } = slots.weight;
      if (keep !== 1) {
        const kept = tf.mul(variable, keep);
        slots.w.assign(kept);
        kept.dispose(); // TensorFlow copies a variable before changing it while anyone else holds its values
      } else if (slots.current !== variable.dataId) slots.w.assign(variable); // it was set from a checkpoint
      variable.assign(slots.placeholder); // for the same reason
      slots.w.applyAdam(slots.m, slots.v, scalars, gradient);
      variable.assign(slots.w.read());
      slots.current = variable.dataId;
    }
  }

  dispose(): void {
    for (const { w, m, v, placeholder } of this.#slots) for (const slot of [w, m, v, placeholder]) slot.dispose();
    tf.dispose([...this.#fixed]);
  }
}

export const makeOptimizer: MakeOptimizer = (description, weights) =>
  (description.kind === 'adam' || description.kind === 'adamw' ? new ResourceAdam(description, weights) : new PlainOptimizer(description, weights));
