import type { AdamDescription, AdamWDescription, OptimizerDescription, RmspropDescription, SgdDescription } from '../../../../vae/optimizers';
import { adamScalars } from '../adamScalars';
import type { TfEdge, TfGraph } from './builder';
import { flag } from './kernel';

/** A weight as its update sees it: variables of the weight and its slots, the weight's value, the gradient, and what must have run before anything may change. */
export interface Updated { readonly weight: TfEdge; readonly read: TfEdge; readonly slot: (kind: string) => TfEdge; readonly gradient: TfEdge; readonly after: readonly string[] }
/** An optimizer inside a training graph. */
export interface GraphOptimizer {
  /** Of each weight, by the checkpoint's names. */
  readonly slotKinds: readonly string[];
  /** Numbers given at each run; `update` counts from 1. */
  scalars(learningRate: number, update: number): Readonly<Record<string, number>>;
  /** Adds the update of one weight, with `scalar` for those numbers. @returns the node that changes the weight */
  update(g: TfGraph, of: Updated, scalar: (name: string) => TfEdge): string;
}

const FLOAT = { type: 'float32' } as const;
const T = { T: FLOAT };

/** Kingma & Ba 2015, equal to PyTorch's: see `ResourceAdam`. */
const adam = (description: AdamDescription | AdamWDescription): GraphOptimizer => ({
  slotKinds: ['m', 'v'],
  scalars: (learningRate, update) => adamScalars(description, learningRate, update),
  update: (g, { weight, slot, gradient, after }, scalar) => {
    const [none, beta1, beta2] = [g.scalar(0), g.scalar(description.beta1), g.scalar(description.beta2)];
    return g.effect('ResourceApplyAdam', [weight, slot('m'), slot('v'), none, none, scalar('rate'), beta1, beta2, scalar('epsilon'), gradient], T, after);
  },
});

/** Loshchilov & Hutter 2019: the weight shrinks before, since TensorFlow's operation has no decay. */
function adamw(description: AdamWDescription): GraphOptimizer {
  const plain = adam(description);
  return {
    ...plain,
    scalars: (learningRate, update) => ({ ...plain.scalars(learningRate, update), keep: 1 - learningRate * description.weightDecay }),
    update: (g, of, scalar) => {
      const shrunk = g.assign(of.weight, g.typed('Mul', [of.read, scalar('keep')], of.weight.shape), of.after);
      return plain.update(g, { ...of, after: [...of.after, shrunk] }, scalar);
    },
  };
}

const sgd = ({ momentum, nesterov }: SgdDescription): GraphOptimizer => ({
  slotKinds: momentum > 0 ? ['m'] : [],
  scalars: (learningRate) => ({ rate: learningRate }),
  update: (g, { weight, slot, gradient, after }, scalar) => (momentum > 0
    ? g.effect('ResourceApplyMomentum', [weight, slot('m'), scalar('rate'), gradient, g.scalar(momentum)], { ...T, use_nesterov: flag(nesterov) }, after)
    : g.effect('ResourceApplyGradientDescent', [weight, scalar('rate'), gradient], T, after)),
});

/** Tieleman & Hinton 2012, epsilon outside the root; TensorFlow's own operation has it inside. */
const rmsprop = ({ decay, epsilon }: RmspropDescription): GraphOptimizer => ({
  slotKinds: ['v'],
  scalars: (learningRate) => ({ rate: learningRate }),
  update: (g, { weight, slot, gradient, after }, scalar) => {
    const of = (operation: string, ...inputs: TfEdge[]): TfEdge => g.typed(operation, inputs, weight.shape);
    const v = of('AddV2', of('Mul', g.read(slot('v')), g.scalar(decay)), of('Mul', of('Square', gradient), g.scalar(1 - decay)));
    const kept = g.assign(slot('v'), v, after);
    const direction = of('RealDiv', gradient, of('AddV2', of('Sqrt', v), g.scalar(epsilon)));
    return g.effect('AssignSubVariableOp', [weight, of('Mul', direction, scalar('rate'))], { dtype: FLOAT }, [...after, kept]);
  },
});

export function graphOptimizer(description: OptimizerDescription): GraphOptimizer {
  switch (description.kind) {
    case 'adam': return adam(description);
    case 'adamw': return adamw(description);
    case 'sgd': return sgd(description);
    case 'rmsprop': return rmsprop(description);
  }
}
