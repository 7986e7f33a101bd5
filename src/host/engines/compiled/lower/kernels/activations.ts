import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import type { Ops } from '../ops';
import { floating } from './unary';

/** 1 where x is positive, else 0, in a third of the time of a comparison; what is below 1e-37 counts as 0. Taken from relu(x) where that is at hand, so that x itself need not be kept. */
export function positiveMask(g: Ops, x: Edge): Edge {
  const flat = g.madeBy('Reshape', x) ?? x;
  return g.reshape(g.unary('HardSigmoid', g.existing('Relu', flat) ?? flat, { alpha: { float: 1e37 }, beta: { float: 0 } }), x.shape);
}

/** log(1 + e^x) = relu(x) + log(1 + e^-|x|): three times as fast as ONNX Runtime's Softplus, and it never overflows. */
export function softplus(g: Ops, x: Edge): Edge {
  return g.add(g.unary('Relu', x), g.unary('Log', g.add(g.unary('Exp', g.unary('Neg', g.unary('Abs', x))), g.scalar(1))));
}

/** An activation by the name that fused kernels use. */
export function activated(k: Kernel, x: Edge, name: string): Edge {
  const { g } = k;
  switch (name) {
    case 'linear': return x;
    case 'relu': return g.unary('Relu', x);
    case 'elu': return g.unary('Elu', x);
    case 'relu6': return g.elementwise('Clip', [x, g.scalar(0), g.scalar(6)]);
    case 'sigmoid': return g.unary('Sigmoid', x);
    case 'leakyrelu': return g.unary('LeakyRelu', x, { alpha: { float: k.number('leakyreluAlpha', 0.2) } });
    case 'prelu': return g.elementwise('PRelu', [g.expand(x, k.shape), k.edge('preluActivationWeights')]);
    default: return k.refuse(`it has the activation ${name}`);
  }
}

export const activations: Lowerings = {
  Elu: (k) => k.made(k.g.unary('Elu', floating(k))),
  /** dy where y is not negative, else dy (y + 1). */
  EluGrad: (k) => {
    const dy = k.term('dy');
    const slope = k.g.add(k.g.elementwise('Min', [k.edge('y'), k.g.scalar(0)]), k.g.scalar(1));
    return k.made(k.g.mul(dy.edge, slope), dy.factor);
  },
  LeakyRelu: (k) => k.made(k.g.unary('LeakyRelu', floating(k), { alpha: { float: k.number('alpha') } })),
  Prelu: (k) => k.made(k.g.elementwise('PRelu', [k.g.expand(k.edge('x'), k.shape), k.edge('alpha')])),
  Relu: (k) => k.made(k.g.unary('Relu', floating(k))),
  Relu6: (k) => k.made(k.g.elementwise('Clip', [floating(k), k.g.scalar(0), k.g.scalar(6)])),
  Selu: (k) => k.made(k.g.unary('Selu', floating(k))),
  Softmax: (k) => k.made(k.g.node('Softmax', [k.full('logits')], 'float32', k.shape, { axis: { int: k.shape.length - 1 } })),
  Softplus: (k) => k.made(softplus(k.g, floating(k))),
  /** 1 where x is positive, else alpha. */
  Step: (k) => {
    const alpha = k.number('alpha', 0);
    const mask = positiveMask(k.g, floating(k));
    return k.made(alpha === 0 ? mask : k.g.add(k.g.mul(mask, k.g.scalar(1 - alpha)), k.g.scalar(alpha)));
  },
};
