import type { TfEdge } from '../builder';
import type { TfKernel, TfLowering, TfLowerings } from '../kernel';

/** TensorFlow's operation of the same meaning, for floats. */
const floats = (operation: string): TfLowering => (k) => k.typed(operation, [k.floating('x')]);
/** For integers too. */
const any = (operation: string): TfLowering => (k) => k.typed(operation, [k.in('x')]);
const unchangedIntegers = (operation: string): TfLowering => (k) => (k.in('x').type === 'int32' ? k.in('x') : k.typed(operation, [k.in('x')]));
const binary = (operation: string): TfLowering => (k) => k.typed(operation, [k.in('a'), k.in('b')]);
const compared = (operation: string): TfLowering => (k) => k.g.node(operation, [k.in('a'), k.in('b')], 'bool', k.shape, { T: { type: k.in('a').type } });
const tested = (operation: string): TfLowering => (k) => k.g.node(operation, [k.floating('x')], 'bool', k.shape, { T: { type: 'float32' } });
const logical = (operation: string, names: readonly string[]): TfLowering => (k) => k.g.node(operation, names.map((name) => k.in(name)), 'bool', k.shape);

/** a + b; a vector along the last axis is a bias, which TensorFlow joins to the product before it. */
function sum(k: TfKernel): TfEdge {
  const [a, b] = [k.in('a'), k.in('b')];
  if (a.type === 'bool') return k.refuse('it adds booleans');
  return withBias(k, a, b) ?? withBias(k, b, a) ?? k.typed('AddV2', [a, b]);
}
function withBias(k: TfKernel, x: TfEdge, bias: TfEdge): TfEdge | undefined {
  return x.type === 'float32' && x.shape.length >= 2 && bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1) ? k.typed('BiasAdd', [x, bias]) : undefined;
}

/** An activation by the name that fused kernels use. */
export function activated(k: TfKernel, x: TfEdge): TfEdge {
  const name = k.text('activation', 'linear');
  switch (name) {
    case 'linear': return x;
    case 'relu': return k.typed('Relu', [x]);
    case 'elu': return k.typed('Elu', [x]);
    case 'relu6': return k.typed('Relu6', [x]);
    case 'sigmoid': return k.typed('Sigmoid', [x]);
    case 'leakyrelu': return k.typed('LeakyRelu', [x], { alpha: { float: k.number('leakyreluAlpha', 0.2) } });
    case 'prelu': return parametric(k, x, k.in('preluActivationWeights'));
    default: return k.refuse(`it has the activation ${name}`);
  }
}
const chosen = (k: TfKernel, condition: TfEdge, t: TfEdge, e: TfEdge): TfEdge => k.g.node('SelectV2', [condition, t, e], t.type, k.shape, { T: { type: t.type } });
const beside0 = (k: TfKernel, operation: 'Less' | 'Greater', x: TfEdge): TfEdge => k.g.node(operation, [x, k.g.scalar(0)], 'bool', x.shape, { T: { type: 'float32' } });
const parametric = (k: TfKernel, x: TfEdge, alpha: TfEdge): TfEdge => chosen(k, beside0(k, 'Less', x), k.typed('Mul', [x, alpha]), x);

export const elementwise: TfLowerings = {
  ...Object.fromEntries(['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp', 'Expm1', 'Log', 'Log1p', 'Reciprocal', 'Relu', 'Relu6', 'Rsqrt', 'Selu', 'Sigmoid', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Tan', 'Tanh'].map((name) => [name, floats(name)])),
  ...Object.fromEntries(['Abs', 'Neg', 'Sign', 'Square'].map((name) => [name, any(name)])),
  ...Object.fromEntries(['Ceil', 'Floor', 'Round'].map((name) => [name, unchangedIntegers(name === 'Round' ? 'Rint' : name)])),
  ...Object.fromEntries(['Maximum', 'Minimum', 'Pow', 'SquaredDifference', 'BitwiseAnd', 'Sub'].map((name) => [name, binary(name)])),
  ...Object.fromEntries(['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'NotEqual'].map((name) => [name, compared(name)])),
  ...Object.fromEntries(['IsFinite', 'IsInf', 'IsNan'].map((name) => [name, tested(name)])),
  LogicalAnd: logical('LogicalAnd', ['a', 'b']),
  LogicalOr: logical('LogicalOr', ['a', 'b']),
  LogicalNot: logical('LogicalNot', ['x']),
  Add: sum,
  AddN: (k) => k.typed('AddN', k.inputs, { N: { int: k.inputs.length } }),
  Multiply: binary('Mul'),
  RealDiv: (k) => k.typed('RealDiv', [k.floating('a'), k.floating('b')]),
  FloorDiv: (k) => k.g.cast(k.typed('FloorDiv', [k.in('a'), k.in('b')]), k.type),
  Mod: binary('FloorMod'),
  Atan2: binary('Atan2'),
  ClipByValue: (k) => {
    const bound = (name: string): TfEdge => k.g.scalar(k.number(name), k.in('x').type === 'int32' ? 'int32' : 'float32');
    return k.typed('ClipByValue', [k.in('x'), bound('clipValueMin'), bound('clipValueMax')]);
  },
  LeakyRelu: (k) => k.typed('LeakyRelu', [k.floating('x')], { alpha: { float: k.number('alpha') } }),
  Prelu: (k) => parametric(k, k.in('x'), k.in('alpha')),
  /** dy where y is not negative, else dy (y + 1). */
  EluGrad: (k) => k.typed('EluGrad', [k.in('dy'), k.in('y')]),
  /** 1 where x is positive, else alpha. */
  Step: (k) => chosen(k, beside0(k, 'Greater', k.floating('x')), k.g.scalar(1), k.g.scalar(k.number('alpha', 0))),
  Select: (k) => {
    const { shape: given } = k.in('condition');
    const condition = given.length === k.shape.length ? k.in('condition') : k.g.reshape(k.in('condition'), [...given, ...k.shape.slice(given.length).map(() => 1)]);
    return chosen(k, condition, k.g.cast(k.in('t'), k.type), k.g.cast(k.in('e'), k.type));
  },
  Softmax: (k) => k.typed('Softmax', [k.in('logits')]),
  Cast: (k) => k.g.cast(k.in('x'), k.type),
  Identity: (k) => k.in('x'),
};
