import * as tf from '@tensorflow/tfjs';
import { of, withoutGradient, type Case, type Changes } from './case';

const alternating = (shape: number[]): tf.Tensor => tf.tensor(Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i % 2), shape, 'bool');
const unary: [string, (x: tf.Tensor) => tf.Tensor, Changes?][] = [
  ['abs', tf.abs], ['acos', tf.acos, { between: [-0.9, 0.9] }], ['acosh', tf.acosh, { between: [1.1, 4] }], ['asin', tf.asin, { between: [-0.9, 0.9] }], ['asinh', tf.asinh],
  ['atan', tf.atan], ['atanh', tf.atanh, { between: [-0.9, 0.9] }], ['ceil', tf.ceil], ['clipByValue', (x) => tf.clipByValue(x, -1, 0.5)], ['cos', tf.cos], ['cosh', tf.cosh],
  ['elu', tf.elu], ['erf', tf.erf], ['exp', tf.exp], ['expm1', tf.expm1], ['expm1 near 0', tf.expm1, { between: [-1e-3, 1e-3] }], ['floor', tf.floor],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.3)], ['leakyRelu steeper than 1', (x) => tf.leakyRelu(x, 1.5)], ['log', tf.log, { between: [0.1, 4] }], ['log1p', tf.log1p, { between: [-0.5, 4] }],
  ['logSigmoid', tf.logSigmoid], ['neg', tf.neg], ['reciprocal', tf.reciprocal, { between: [0.3, 2] }], ['relu', tf.relu], ['relu6', (x) => tf.relu6(tf.mul(x, 5))], ['round', tf.round],
  ['rsqrt', tf.rsqrt, { between: [0.3, 2] }], ['selu', tf.selu], ['sigmoid', tf.sigmoid], ['sign', tf.sign], ['sin', tf.sin], ['sinh', tf.sinh], ['softplus', tf.softplus],
  ['sqrt', tf.sqrt, { between: [0.3, 2] }], ['square', tf.square], ['step', (x) => tf.step(x, 0.25)], ['tan', tf.tan, { between: [-1, 1] }], ['tanh', tf.tanh],
  ['a number times it', (x) => tf.mul(x, 3)], ['1 - x', (x) => tf.sub(1, x)], ['x - 1', (x) => tf.sub(x, 1)], ['2 / x', (x) => tf.div(2, x), { between: [0.3, 2] }], ['x / 4', (x) => tf.div(x, 4)],
  ['pow 2', (x) => tf.pow(x, 2)], ['pow 3', (x) => tf.pow(x, 3)], ['pow 1/2', (x) => tf.pow(x, 0.5), { between: [0.3, 2] }], ['relu of -x', (x) => tf.relu(tf.neg(x))], ['max of -x / 3 and x', (x) => tf.maximum(tf.div(x, -3), x)],
  ['exp of -2 |x|', (x) => tf.exp(tf.mul(tf.abs(x), -2))], ['abs of -3 x', (x) => tf.abs(tf.mul(x, -3))], ['elu of x / 2', (x) => tf.elu(tf.div(x, 2))], ['hardSigmoid', (x) => tf.layers.activation({ activation: 'hardSigmoid' }).apply(x) as tf.Tensor],
  ['swish', (x) => tf.layers.activation({ activation: 'swish' }).apply(x) as tf.Tensor], ['mish', (x) => tf.layers.activation({ activation: 'mish' }).apply(x) as tf.Tensor, { tolerance: 5e-5 }],
  ['thresholded', (x) => tf.layers.thresholdedReLU({ theta: 0.5 }).apply(x) as tf.Tensor, withoutGradient], ['isNaN, isInf, isFinite', (x) => tf.addN([tf.isNaN(x), tf.isInf(tf.div(1, tf.floor(x))), tf.isFinite(tf.div(1, tf.floor(x)))].map((y) => tf.cast(y, 'float32'))), withoutGradient],
  ['int32 and back', (x) => tf.cast(tf.add(tf.mul(tf.cast(tf.mul(x, 5), 'int32'), tf.scalar(3, 'int32')), tf.scalar(1, 'int32')), 'float32'), withoutGradient],
  ['int32 abs, sign, neg', (x) => { const i = tf.cast(tf.mul(x, 5), 'int32'); return tf.add(tf.add(tf.abs(i), tf.neg(i)), tf.sign(i)); }, withoutGradient],
];
const binary: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, Changes?][] = [
  ['add', tf.add], ['sub', tf.sub], ['mul', tf.mul], ['div', tf.div, { between: [0.5, 2] }], ['2 a + 3 b', (a, b) => tf.add(tf.mul(a, 2), tf.mul(b, 3))], ['2 a - 2 b', (a, b) => tf.sub(tf.mul(a, 2), tf.mul(b, 2))],
  ['-a - b', (a, b) => tf.sub(tf.neg(a), b)], ['a - (-b)', (a, b) => tf.sub(a, tf.neg(b))], ['pow', tf.pow, { between: [0.5, 2] }], ['mod', tf.mod, { gradient: 'none' }], ['floorDiv', tf.floorDiv, withoutGradient],
  ['atan2', tf.atan2], ['prelu', tf.prelu],
];
const selecting: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, Changes?][] = [
  ['maximum', tf.maximum], ['minimum', tf.minimum], ['squaredDifference', tf.squaredDifference], ['where', (a, b) => tf.where(alternating(a.shape), tf.mul(a, 2), b)], ['where of one', (a, b) => tf.mul(b, tf.where(alternating(a.shape), tf.mul(a, 2), tf.mul(a, 3)))], ['where of a comparison', (a, b) => tf.where(tf.greater(a, b), tf.mul(a, 2), b), withoutGradient], ['where, 0 elsewhere', (a, b) => tf.where(alternating(a.shape), tf.mul(a, -3), tf.zerosLike(b))],
  ['comparisons', (a, b) => tf.addN([tf.greater(a, b), tf.greaterEqual(a, b), tf.less(a, b), tf.lessEqual(a, b), tf.equal(a, b), tf.notEqual(a, b)].map((y, i) => tf.mul(tf.cast(y, 'float32'), 2 ** i))), withoutGradient],
  ['logic', (a, b) => { const [x, y] = [tf.greater(a, 0), tf.greater(b, 0)]; return tf.addN([tf.logicalAnd(x, y), tf.logicalOr(x, y), tf.logicalNot(x), tf.logicalXor(x, y)].map((z, i) => tf.mul(tf.cast(z, 'float32'), 2 ** i))); }, withoutGradient],
  ['bitwiseAnd', (a, b) => tf.bitwiseAnd(tf.cast(tf.mul(a, 99), 'int32'), tf.cast(tf.mul(b, 99), 'int32')), withoutGradient],
  ['int32 comparison', (a, b) => tf.cast(tf.greaterEqual(tf.cast(a, 'int32'), tf.cast(b, 'int32')), 'float32'), withoutGradient],
  ['int32 mod and floorDiv', (a, b) => { const [x, y] = [tf.cast(tf.mul(a, 9), 'int32'), tf.add(tf.cast(tf.abs(tf.mul(b, 3)), 'int32'), tf.scalar(1, 'int32'))]; return tf.add(tf.mod(x, y), tf.mul(tf.floorDiv(x, y), tf.scalar(100, 'int32'))); }, withoutGradient],
];

export const elementwise: readonly Case[] = [
  ...unary.flatMap(([name, work, changes]) => [[5], [2, 3, 4], []].map((shape) => of(`${name} [${shape.join()}]`, [shape], (x) => (x ? work(x) : tf.scalar(0)), changes))),
  ...binary.flatMap(([name, work, changes]) => [[[4], [4]], [[3, 4], [4]], [[3, 1], [3, 4]], [[2, 1, 4], [3, 1]], [[], [2, 3]]].map((shapes) => of(`${name} [${shapes.join('] [')}]`, shapes, (a, b) => work(a ?? tf.scalar(0), b ?? tf.scalar(0)), name === 'prelu' && shapes[1]?.join() !== shapes[0]?.join() ? { ...changes, ...withoutGradient } : changes))),
  ...selecting.flatMap(([name, work, changes]) => [[[4], [4]], [[2, 3, 4], [2, 3, 4]]].map((shapes) => of(`${name} [${shapes.join('] [')}]`, shapes, (a, b) => work(a ?? tf.scalar(0), b ?? tf.scalar(0)), changes))),
  of('a tall tensor and short vectors', [[4096, 2, 8], [8], [8]], (x = tf.scalar(0), a = x, b = x) => tf.relu(tf.add(tf.mul(tf.sub(x, a), b), a)), { tolerance: 1e-5 }),
  of('leakyRelu of a reshape', [[2, 3, 4], [4]], (a = tf.scalar(0), b = a) => tf.leakyRelu(tf.add(tf.reshape(tf.matMul(tf.reshape(a, [6, 4]), tf.ones([4, 4])), [2, 3, 4]), b), 0.3)),
  of('a large column times a scalar', [[5000, 1], []], (a, b) => tf.mul(tf.add(a ?? 0, 1), b ?? 0), { tolerance: 1e-5 }),
];
