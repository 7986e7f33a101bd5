import type { OptimizerDescription } from '../../../vae/optimizers';
import type { Edge } from '../compiled/lower/builder';
import type { Ops } from '../compiled/lower/ops';

/** A weight and its slots after an update. */
export interface Updated { readonly weight: Edge; readonly slots: Readonly<Record<string, Edge>> }
/** An optimizer as part of a training graph, equal to `engines/optimizer.ts`. */
export interface DeviceOptimizer {
  /** Of each weight, by the checkpoint's names. */
  readonly slotKinds: readonly string[];
  /** Numbers given at each run; `update` counts from 1. */
  scalars(learningRate: number, update: number): Readonly<Record<string, number>>;
  update(g: Ops, weight: Edge, gradient: Edge, slot: (kind: string) => Edge, scalar: (name: string) => Edge): Updated;
}

const decayed = (g: Ops, old: Edge, decay: number, added: Edge): Edge => g.add(g.scale(old, decay), added);

export function deviceOptimizer(o: OptimizerDescription): DeviceOptimizer {
  switch (o.kind) {
    case 'sgd': return {
      slotKinds: o.momentum > 0 ? ['m'] : [], scalars: (rate) => ({ rate }),
      update: (g, weight, gradient, slot, scalar): Updated => {
        if (o.momentum === 0) return { weight: g.sub(weight, g.mul(gradient, scalar('rate'))), slots: {} };
        const m = decayed(g, slot('m'), o.momentum, gradient);
        return { weight: g.sub(weight, g.mul(o.nesterov ? decayed(g, m, o.momentum, gradient) : m, scalar('rate'))), slots: { m } };
      },
    };
    case 'rmsprop': return {
      slotKinds: ['v'], scalars: (rate) => ({ rate }),
      update: (g, weight, gradient, slot, scalar) => {
        const v = decayed(g, slot('v'), o.decay, g.scale(g.mul(gradient, gradient), 1 - o.decay));
        return { weight: g.sub(weight, g.mul(g.div(gradient, g.add(g.unary('Sqrt', v), g.scalar(o.epsilon))), scalar('rate'))), slots: { v } };
      },
    };
    case 'adam':
    case 'adamw': return {
      slotKinds: ['m', 'v'],
      scalars: (learningRate, update) => ({
        rate: learningRate / (1 - o.beta1 ** update), spread: 1 / Math.sqrt(1 - o.beta2 ** update), ...(o.kind === 'adamw' ? { keep: 1 - learningRate * o.weightDecay } : {}),
      }),
      update: (g, weight, gradient, slot, scalar) => {
        const m = decayed(g, slot('m'), o.beta1, g.scale(gradient, 1 - o.beta1));
        const v = decayed(g, slot('v'), o.beta2, g.scale(g.mul(gradient, gradient), 1 - o.beta2));
        const kept = o.kind === 'adamw' ? g.mul(weight, scalar('keep')) : weight;
        const step = g.div(m, g.add(g.mul(g.unary('Sqrt', v), scalar('spread')), g.scalar(o.epsilon)));
        return { weight: g.sub(kept, g.mul(step, scalar('rate'))), slots: { m, v } };
      },
    };
  }
}
