import * as tf from '@tensorflow/tfjs';
import type { DType } from '../../graph';
import { all, dtypeOf, list, malformed, need, type ShapeRule, type ShapeRules } from './rule';

const unary = (dtype?: DType): ShapeRule => (inputs) => {
  const x = need(inputs, 'x');
  return { shape: x.shape, dtype: dtype ?? x.dtype };
};
/** Broadcasts as NumPy does. TensorFlow.js has brought both to one type before. */
const binary = (dtype?: DType): ShapeRule => (inputs) => {
  const [a, b] = [need(inputs, 'a'), need(inputs, 'b')];
  return { shape: tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]), dtype: dtype ?? a.dtype };
};

export const elementwise: ShapeRules = {
  ...all(unary(), [
    'Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'ClipByValue', 'Cos', 'Cosh', 'Elu', 'Erf', 'Expm1', 'Floor', 'Log', 'Log1p', 'Neg',
    'OnesLike', 'Reciprocal', 'Relu', 'Relu6', 'Round', 'Rsqrt', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Square', 'Step', 'Tan', 'Tanh', 'ZerosLike',
  ]),
  ...all(unary('float32'), ['Exp', 'LeakyRelu']),
  ...all(unary('bool'), ['IsFinite', 'IsInf', 'IsNan', 'LogicalNot']),
  ...all(binary(), ['Add', 'Atan2', 'BitwiseAnd', 'Maximum', 'Minimum', 'Mod', 'Multiply', 'Pow', 'RealDiv', 'SquaredDifference', 'Sub']),
  ...all(binary('bool'), ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'NotEqual']),
  FloorDiv: binary('int32'),
  Cast: (inputs, attributes) => ({ shape: need(inputs, 'x').shape, dtype: dtypeOf(attributes, 'dtype') }),
  EluGrad: (inputs) => ({ shape: need(inputs, 'y').shape, dtype: 'float32' }),
  Prelu: (inputs) => ({ shape: tf.backend_util.assertAndGetBroadcastShape([...need(inputs, 'x').shape], [...need(inputs, 'alpha').shape]), dtype: 'float32' }),
  AddN: (inputs) => {
    const [first] = list(inputs);
    if (!first) throw malformed('AddN has nothing to add');
    return first;
  },
  Select: (inputs) => {
    const [t, e] = [need(inputs, 't'), need(inputs, 'e')];
    const order: readonly DType[] = ['bool', 'int32', 'float32'];
    return { shape: t.shape, dtype: order[Math.max(order.indexOf(t.dtype), order.indexOf(e.dtype))] ?? t.dtype };
  },
  Softmax: (inputs) => need(inputs, 'logits'),
};
