import type { OptimizerDescription } from '../../../../vae/optimizers';
import type { Kernels } from './kernels';
import type { NativeFloats, NativeMemory } from './memory';

/** A weight and where its gradient is put before each update. */
export interface OptimizedWeight { readonly name: string; readonly weight: NativeFloats; readonly gradient: NativeFloats }
type SlotKind = 'm' | 'v';
/** Changes one weight; `t` counts from 1. @returns the sum of the gradient's squares, which Adam computes anyway. */
type Update = (learningRate: number, t: number) => number;

/** Moments decay for ever where gradients stay 0, and processors are up to a hundred times slower with numbers too small to be normal: swept away in time, they never get there. */
const SWEEP_EVERY = 16;
const SMALLEST_NORMAL = 2 ** -126;
const LARGEST_SWEPT = 1e-30;

/** The update of one weight, its slots taken by `slot`. */
function makeUpdate(kernels: Kernels, o: OptimizerDescription, { weight, gradient }: OptimizedWeight, slot: (kind: SlotKind, decay: number) => NativeFloats): Update {
  const [w, g, count] = [weight.address, gradient.address, weight.values.length];
  const squares = (): number => kernels.sumOfSquares(g, count);
  switch (o.kind) {
    case 'sgd': {
      if (o.momentum === 0) return (learningRate) => { kernels.sgd(w, g, count, learningRate); return squares(); };
      const { address: m } = slot('m', o.momentum);
      const move = o.nesterov ? kernels.nesterov : kernels.momentum;
      return (learningRate) => { move(w, m, g, count, learningRate, o.momentum); return squares(); };
    }
    case 'rmsprop': {
      const { address: v } = slot('v', o.decay);
      return (learningRate) => { kernels.rmsprop(w, v, g, count, learningRate, o.decay, 1 - o.decay, o.epsilon); return squares(); };
    }
    case 'adam':
    case 'adamw': {
      const [m, v] = [slot('m', o.beta1).address, slot('v', o.beta2).address];
      const weightDecay = o.kind === 'adamw' ? o.weightDecay : 0;
      return (learningRate, t) => {
        const stepSize = learningRate / (1 - o.beta1 ** t);
        const vScale = 1 / Math.sqrt(1 - o.beta2 ** t);
        return kernels.adam(w, m, v, g, count, stepSize, vScale, o.beta1, 1 - o.beta1, o.beta2, 1 - o.beta2, o.epsilon, 1 - learningRate * weightDecay);
      };
    }
  }
}

/** The updates of `engines/optimizer.ts` in WebAssembly, with the same names in the state. Moments too small to matter become 0. */
export class NativeOptimizer {
  readonly #kernels: Kernels;
  readonly #weights: readonly OptimizedWeight[];
  readonly #slots: { name: string; values: Float32Array }[] = [];
  readonly #updates: readonly Update[];
  readonly #sweeps: (() => void)[] = [];
  /** Updates made, for Adam's bias correction. */
  updates = 0;

  /** Takes room for its slots (see `slotCount`) from `memory`, which holds the weights and gradients as well. Gradients are clipped to `clipNorm` before each update. */
  constructor(memory: NativeMemory, description: OptimizerDescription, weights: readonly OptimizedWeight[], private readonly clipNorm?: number) {
    this.#kernels = memory.kernels;
    this.#weights = weights;
    this.#updates = weights.map((each) => {
      const { name, weight: { values: { length } }, gradient } = each;
      if (gradient.values.length !== length) throw new Error(`The gradient of ${name} has ${gradient.values.length} values for ${length} weights.`);
      return makeUpdate(memory.kernels, description, each, (kind, decay) => {
        const taken = memory.floats(length);
        const below = Math.min(SMALLEST_NORMAL / decay ** SWEEP_EVERY, LARGEST_SWEPT);
        this.#sweeps.push(() => { memory.kernels.flush(taken.address, length, below); });
        this.#slots.push({ name: `optimizer/${kind}/${name}`, values: taken.values });
        return taken;
      });
    });
  }

  /** How many buffers as large as the weights the optimizer will take. */
  static slotCount(description: OptimizerDescription): number {
    return { adam: 2, adamw: 2, rmsprop: 1, sgd: description.kind === 'sgd' && description.momentum > 0 ? 1 : 0 }[description.kind];
  }

  /** Under the checkpoint's names; write into `values` to restore. */
  get slots(): readonly { readonly name: string; readonly values: Float32Array }[] { return this.#slots; }

  /** Of a weight or a gradient. */
  l2Norm({ address, values }: NativeFloats): number { return Math.sqrt(this.#kernels.sumOfSquares(address, values.length)); }

  /** Sum of squares of each weight's gradient. */
  squaredNorms(): number[] { return this.#weights.map(({ gradient }) => this.#kernels.sumOfSquares(gradient.address, gradient.values.length)); }

  /** Shrinks all gradients together to `maxNorm` where their norm exceeds it, as PyTorch's clip_grad_norm_. @returns the norm before. */
  clip(maxNorm: number): number {
    const norm = Math.sqrt(this.squaredNorms().reduce((a, b) => a + b, 0));
    const factor = maxNorm / (norm + 1e-6);
    // Not `factor < 1`: a norm that is NaN makes every gradient NaN, to be seen and not hidden.
    if (!(factor >= 1)) for (const { gradient } of this.#weights) this.#kernels.scale(gradient.address, gradient.values.length, factor);
    return norm;
  }

  /** One update of every weight from its gradient, or none where a gradient is not finite. @returns the norm of all gradients together, before clipping; NaN where there was no update. */
  apply(learningRate: number): number {
    if (!this.#weights.every(({ gradient }) => this.#kernels.allFinite(gradient.address, gradient.values.length) !== 0)) return NaN;
    const clipped = this.clipNorm === undefined ? undefined : this.clip(this.clipNorm);
    this.updates++;
    let squares = 0;
    for (const update of this.#updates) squares += update(learningRate, this.updates);
    if (this.updates % SWEEP_EVERY === 0) for (const sweep of this.#sweeps) sweep();
    return clipped ?? Math.sqrt(squares);
  }
}
