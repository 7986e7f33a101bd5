import type { Kernel, Lowering, Lowerings } from '../kernel';
import { product, negated } from './arithmetic';
import { term, uniformValue } from '../terms';

/** The input as float32, which these functions give whatever they get. */
export const floating = (k: Kernel, name = 'x') => k.g.cast(k.edge(name), 'float32');
/** An ONNX operator on floats. */
const plain = (operator: string): Lowering => (k) => k.made(k.g.unary(operator, floating(k)));
/** An ONNX operator that integers pass through as they are. */
const exact = (operator: string): Lowering => (k) => k.made(k.g.unary(operator, k.edge('x')));
const unchangedIntegers = (operator: string): Lowering => (k) => (k.type === 'int32' ? k.term('x') : k.made(k.g.unary(operator, k.edge('x'))));

export const unary: Lowerings = {
  Abs: (k) => (k.type === 'float32' ? k.made(k.g.unary('Abs', k.term('x').edge), Math.abs(k.term('x').factor)) : k.made(k.g.unary('Abs', k.edge('x')))),
  Acos: plain('Acos'),
  Acosh: plain('Acosh'),
  Asin: plain('Asin'),
  Asinh: plain('Asinh'),
  Atan: plain('Atan'),
  Atanh: plain('Atanh'),
  Ceil: unchangedIntegers('Ceil'),
  ClipByValue: (k) => k.made(k.g.elementwise('Clip', [k.edge('x'), k.g.scalar(k.number('clipValueMin'), k.type), k.g.scalar(k.number('clipValueMax'), k.type)])),
  Cos: plain('Cos'),
  Cosh: plain('Cosh'),
  Erf: plain('Erf'),
  Exp: plain('Exp'),
  /** tanh(x / 2) (e^x + 1): exact near 0, where e^x - 1 is not. */
  Expm1: (k) => {
    const x = floating(k);
    return k.made(k.g.mul(k.g.unary('Tanh', k.g.scale(x, 0.5)), k.g.add(k.g.unary('Exp', x), k.g.scalar(1))));
  },
  Floor: unchangedIntegers('Floor'),
  IsFinite: (k) => {
    const difference = k.g.sub(floating(k), floating(k)); // NaN where x is infinite or not a number
    return k.made(k.g.compare('Equal', difference, k.g.scalar(0)));
  },
  IsInf: (k) => k.made(k.g.elementwise('IsInf', [floating(k)], { type: 'bool' })),
  IsNan: (k) => k.made(k.g.elementwise('IsNaN', [floating(k)], { type: 'bool' })),
  Log: plain('Log'),
  /** Exact to 6e-8 absolute, not relative. */
  Log1p: (k) => k.made(k.g.unary('Log', k.g.add(floating(k), k.g.scalar(1)))),
  Neg: (k) => negated(k.g, k.term('x')),
  Reciprocal: (k) => {
    const { edge, factor } = k.term('x');
    return uniformValue(k.g, k.term('x')) === 0 ? k.made(k.g.unary('Reciprocal', floating(k))) : k.made(k.g.unary('Reciprocal', k.g.cast(edge, 'float32')), 1 / factor);
  },
  Round: unchangedIntegers('Round'),
  Rsqrt: (k) => k.made(k.g.unary('Reciprocal', k.g.unary('Sqrt', floating(k)))),
  Sigmoid: plain('Sigmoid'),
  Sign: exact('Sign'),
  Sin: plain('Sin'),
  Sinh: plain('Sinh'),
  Sqrt: plain('Sqrt'),
  Square: (k) => product(k.g, k.term('x'), k.term('x')),
  Tan: plain('Tan'),
  Tanh: plain('Tanh'),
  Identity: (k) => k.term('x'),
  Cast: (k) => {
    const x = k.term('x');
    return x.edge.type === k.type ? x : term(k.g, k.g.cast(x.factor === 1 ? x.edge : k.edge('x'), k.type), k.shape);
  },
};
