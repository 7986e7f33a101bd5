import * as tf from '@tensorflow/tfjs';
import type { Case, InputCase, Range } from './case';

type Run = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
type Shapes = readonly (readonly number[])[];
const floats = (shapes: Shapes, range: Range = 'any'): InputCase[] => shapes.map((shape) => ({ shape, range }));
const op = (name: string, inputs: readonly InputCase[], run: (...inputs: never[]) => tf.Tensor | tf.Tensor[], gradient = true): Case => ({ name, inputs, gradient, build: () => ({ run: run as Run }) });
const each = (shapes: Shapes, runs: Record<string, Run>, range: Range = 'any', gradient = true): Case[] => Object.entries(runs).map(([name, run]) => op(`${name} ${shapes.map((s) => `[${s.join()}]`).join(' ')}`, floats(shapes, range), run, gradient));
const x4 = (shape: readonly number[] = [2, 5, 6, 3]): InputCase[] => floats([shape]);
const integers = (shape: readonly number[], below: number): InputCase => ({ shape, range: { integer: below } });
const four = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

const { abs, acos, acosh, asin, asinh, atan, atanh, cos, cosh, elu, erf, exp, expm1, log, log1p, neg, reciprocal, relu, relu6, rsqrt, selu, sigmoid, sin, sinh, softplus, sqrt, square, tan, tanh } = tf;
const unary: Case[] = [
  ...each([[2, 3]], { abs, asinh, atan, cos, cosh, elu, erf, exp, expm1, neg, reciprocal, relu, relu6, selu, sigmoid, sin, sinh, softplus, square, tan, tanh, ceil: tf.ceil, floor: tf.floor, round: tf.round, sign: tf.sign, step: (x) => tf.step(x), leakyRelu: (x) => tf.leakyRelu(x) }),
  ...each([[7]], { log, log1p, rsqrt, sqrt }, 'positive'),
  ...each([[2, 3]], { acos, asin, atanh }, 'unit'),
  ...each([[2, 3]], { acosh }, 'aboveOne'),
  ...each([[3, 2]], {
    clipByValue: (x) => tf.clipByValue(x, -1, 0.5), leakyReluOwn: (x) => tf.leakyRelu(x, 0.3), stepOwn: (x) => tf.step(x, 0.1), softmax: (x) => tf.softmax(x), logSoftmax: (x) => tf.logSoftmax(x),
    logSigmoid: (x) => tf.logSigmoid(x), logSumExp: (x) => tf.logSumExp(x, 1), onesLike: (x) => tf.mul(tf.onesLike(x), x), zerosLike: (x) => tf.add(tf.zerosLike(x), x),
    castInt: (x) => tf.mul(tf.cast(tf.cast(x, 'int32'), 'float32'), x), castBool: (x) => tf.mul(tf.cast(tf.greaterEqual(x, 0), 'float32'), x), scalarArithmetic: (x) => tf.add(tf.mul(x, 3), tf.div(1, tf.add(tf.square(x), 1))),
    norm: (x) => tf.norm(x), normAxis: (x) => tf.norm(x, 2, 1), cumsum: (x) => tf.cumsum(x, 1), cumsumReverse: (x) => tf.cumsum(x, 0, true, true), moments: (x) => Object.values(tf.moments(x, 0)),
  }),
  ...each([[2, 3]], { isNaN: tf.isNaN, isInf: tf.isInf, isFinite: tf.isFinite, greater0: (x) => tf.greater(x, 0), logicalNot: (x) => tf.logicalNot(tf.greater(x, 0)) }, 'any', false),
];

const { add, div, maximum, minimum, mul, squaredDifference, sub, pow, mod, atan2 } = tf;
const binary: Case[] = [
  ...([[[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1], [1, 3]], [[2, 3], []], [[4, 1, 3], [2, 1]]] as const).flatMap((shapes) => each(shapes, { add, sub, mul })),
  ...([[[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1], [1, 3]]] as const).flatMap((shapes) => each(shapes, { div, pow, atan2 }, 'positive')),
  ...each([[2, 3], [2, 3]], { maximum, minimum, squaredDifference, mod }, 'positive'),
  ...each([[2, 3], [3]], { equal: tf.equal, notEqual: tf.notEqual, greater: tf.greater, greaterEqual: tf.greaterEqual, less: tf.less, lessEqual: tf.lessEqual, floorDiv: tf.floorDiv }, 'positive', false),
  op('logicalAnd, logicalOr, logicalXor', [{ shape: [2, 3], range: 'bool' }, { shape: [3], range: 'bool' }], (a: tf.Tensor, b: tf.Tensor) => [tf.logicalAnd(a, b), tf.logicalOr(a, b), tf.logicalXor(a, b)], false),
  op('bitwiseAnd', [integers([4], 9), integers([4], 9)], (a: tf.Tensor, b: tf.Tensor) => tf.bitwiseAnd(a, b), false),
  op('where', [{ shape: [2, 3], range: 'bool' }, ...floats([[2, 3], [2, 3]])], (c: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.where(c, a, b)),
  op('prelu', floats([[2, 3], [3]]), (x: tf.Tensor, a: tf.Tensor) => tf.prelu(x, a)),
  op('addN', floats([[2, 3], [2, 3], [2, 3]]), (...xs: tf.Tensor[]) => tf.addN(xs)),
  op('int32 arithmetic', [integers([4], 9), integers([4], 9)], (a: tf.Tensor, b: tf.Tensor) => [tf.add(a, b), tf.mul(a, b), tf.div(a, b), tf.maximum(a, b), tf.sub(a, 0.5)], false),
];

const reductions: Case[] = [
  ...([undefined, 0, 1, -1, [0, 2]] as const).flatMap((axis) => [false, true].map((keep) => op(`sum, mean, max, min by ${String(axis)} keep ${keep}`, floats([[2, 4, 3]]), (x: tf.Tensor) => [tf.sum(x, axis as number, keep), tf.mean(x, axis as number, keep), tf.max(x, axis as number, keep), tf.min(x, axis as number, keep)]))),
  op('prod', floats([[2, 3]]), (x: tf.Tensor) => tf.prod(x, 1)),
  op('argMax, argMin', floats([[2, 4, 3]]), (x: tf.Tensor) => [tf.argMax(x, 1), tf.argMin(x, -1)], false),
  op('any, all', [{ shape: [2, 3], range: 'bool' }], (x: tf.Tensor) => [tf.any(x, 1), tf.all(x, 0, true), tf.any(x)], false),
  op('sum of bool and int32', [{ shape: [2, 3], range: 'bool' }, integers([3], 5)], (x: tf.Tensor, i: tf.Tensor) => [tf.sum(x, 1), tf.sum(i), tf.mean(i), tf.max(i)], false),
  op('topk', floats([[2, 5]]), (x: tf.Tensor) => Object.values(tf.topk(x, 2))),
  op('cumprod', floats([[2, 5]]), (x: tf.Tensor) => tf.cumprod(x, 1)),
];

const matrices: Case[] = [
  ...[false, true].flatMap((ta) => [false, true].map((tb) => op(`matMul ${ta} ${tb}`, floats([ta ? [4, 3] : [3, 4], tb ? [5, 4] : [4, 5]]), (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, ta, tb)))),
  op('matMul of batches', floats([[2, 3, 4], [2, 4, 5]]), (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b)),
  op('matMul broadcasting', floats([[5, 3, 4], [4, 2]]), (a: tf.Tensor, b: tf.Tensor) => [tf.matMul(a, b), tf.matMul(tf.expandDims(b), a, true, true)]),
  ...['ij,jk->ik', 'bij,bjk->bik', 'i,j->ij', 'ijk,ij->k'].map((equation) => op(`einsum ${equation}`, floats((equation.split('->')[0] ?? '').split(',').map((labels) => [...labels].map((label) => ({ b: 2, i: 2, j: 3, k: 4 })[label] ?? 1))), (...xs: tf.Tensor[]) => tf.einsum(equation, ...xs))),
  op('dot of vectors', floats([[4], [4]]), (a: tf.Tensor, b: tf.Tensor) => tf.dot(a, b)),
  op('outerProduct', floats([[3], [4]]), (a: tf.Tensor1D, b: tf.Tensor1D) => tf.outerProduct(a, b)),
  op('transpose', floats([[2, 3, 4]]), (x: tf.Tensor) => [tf.transpose(x), tf.transpose(x, [1, 2, 0])]),
  op('diag', floats([[3]]), (x: tf.Tensor) => tf.diag(x)),
  ...(['linear', 'relu', 'elu', 'sigmoid', 'relu6', 'leakyrelu'] as const).map((activation) => op(`fused matMul ${activation}`, floats([[3, 4], [4, 5], [5]]), (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor) => tf.fused.matMul({ a, b, bias, activation }), activation === 'linear')),
  op('fused conv2d, forward', floats([[2, 5, 5, 2], [3, 3, 2, 4], [4]]), (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor) => tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias, activation: 'relu' }), false),
  op('fused depthwise, forward', floats([[2, 5, 5, 2], [3, 3, 2, 2], [4]]), (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor) => tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'valid', bias, activation: 'elu' }), false),
];

const rearrangements: Case[] = [
  op('reshape, expandDims, squeeze, flatten', floats([[2, 1, 6]]), (x: tf.Tensor) => [tf.reshape(x, [3, -1]), tf.expandDims(x, -1), tf.expandDims(x, 1), tf.squeeze(x), x.flatten()]),
  op('concat', floats([[2, 3], [2, 1], [2, 2]]), (...xs: tf.Tensor[]) => tf.concat(xs, 1)),
  op('concat of one', floats([[2, 3]]), (x: tf.Tensor) => tf.concat([x], 0)),
  op('split', floats([[2, 6]]), (x: tf.Tensor) => [...tf.split(x, 3, 1), ...tf.split(x, [1, 4, 1], 1), ...tf.split(x, [2, -1], 1)]),
  op('split into one', floats([[2, 6]]), (x: tf.Tensor) => tf.split(x, 1, 1)),
  op('stack, unstack', floats([[2, 3], [2, 3]]), (a: tf.Tensor, b: tf.Tensor) => [tf.stack([a, b]), tf.stack([a, b], -1), ...tf.unstack(a, 1), ...tf.unstack(tf.stack([a]))]),
  op('slice', floats([[3, 4]]), (x: tf.Tensor) => [tf.slice(x, [1, 0], [2, 3]), tf.slice(x, [1], [1]), tf.slice(x, [0, 1])]),
  op('stridedSlice', floats([[5, 4]]), (x: tf.Tensor) => [tf.stridedSlice(x, [0, 1], [5, 4], [2, 2]), tf.stridedSlice(x, [1], [4], [1]), tf.stridedSlice(x, [0, 0], [1, 4], [1, 1], 0, 0, 0, 0, 1)]),
  ...([[[4], [3]], [[2, 3], [2, 2]], [[2, 1, 3], [1, 4, 1]]] as const).map(([shape, reps]) => op(`tile [${shape.join()}] by ${reps.join()}`, floats([shape]), (x: tf.Tensor) => tf.tile(x, [...reps]))),
  op('pad', floats([[2, 3]]), (x: tf.Tensor) => [tf.pad(x, [[1, 2], [0, 1]]), tf.pad(x, [[0, 0], [1, 1]], 3)]),
  op('mirrorPad', floats([[4, 3]]), (x: tf.Tensor) => [tf.mirrorPad(x, [[1, 2], [0, 1]], 'reflect'), tf.mirrorPad(x, [[1, 2], [0, 1]], 'symmetric')]),
  op('reverse', floats([[2, 3]]), (x: tf.Tensor) => [tf.reverse(x), tf.reverse(x, 1)]),
  op('broadcastTo', floats([[2, 1]]), (x: tf.Tensor) => tf.broadcastTo(x, [3, 2, 4])),
  op('spaceToBatchND, batchToSpaceND', floats([[1, 4, 6, 2], [4, 2, 2, 1]]), (x: tf.Tensor, y: tf.Tensor) => [tf.spaceToBatchND(x, [2, 2], [[0, 0], [2, 0]]), tf.batchToSpaceND(y, [2, 2], [[0, 1], [1, 0]])]),
  op('depthToSpace', floats([[2, 2, 3, 8]]), (x: tf.Tensor4D) => tf.depthToSpace(x, 2, 'NHWC')),
  op('meshgrid, eye, oneHot of constants', floats([[3, 3]]), (x: tf.Tensor) => [tf.mul(x, tf.eye(3)), tf.mul(x, tf.oneHot(tf.tensor1d([0, 2, 1], 'int32'), 3)), tf.mul(x, tf.range(0, 3)), tf.mul(x, tf.linspace(0, 1, 3)), tf.mul(x, tf.fill([3, 1], 2))]),
];

const indexing: Case[] = [
  op('gather', [...floats([[5, 3]]), integers([4], 5)], (x: tf.Tensor, i: tf.Tensor1D) => tf.gather(x, i)),
  op('gather axis 1', [...floats([[2, 5]]), integers([4], 5)], (x: tf.Tensor, i: tf.Tensor1D) => tf.gather(x, i, 1)),
  op('gather of a table', [...floats([[5, 3]]), integers([2, 2], 5)], (x: tf.Tensor, i: tf.Tensor) => tf.gather(x, i as tf.Tensor1D)),
  op('gather with batches', [...floats([[2, 5, 3]]), integers([2, 4], 5)], (x: tf.Tensor, i: tf.Tensor) => tf.gather(x, i as tf.Tensor1D, 1, 1), false),
  op('gatherND', [...floats([[3, 4]]), integers([5, 2], 3)], (x: tf.Tensor, i: tf.Tensor) => tf.gatherND(x, i)),
  op('scatterND', [integers([3, 1], 4), ...floats([[3, 2]])], (i: tf.Tensor, x: tf.Tensor) => tf.scatterND(i, x, [4, 2])),
  op('tensorScatterUpdate, forward', [...floats([[4, 2]]), integers([2, 1], 4), ...floats([[2, 2]])], (t: tf.Tensor, i: tf.Tensor, x: tf.Tensor) => tf.tensorScatterUpdate(t, i, x), false),
  op('unsortedSegmentSum', [...floats([[4, 2]]), integers([4], 3)], (x: tf.Tensor, i: tf.Tensor1D) => tf.unsortedSegmentSum(x, i, 3)),
  op('oneHot', [integers([4], 3)], (i: tf.Tensor) => [tf.oneHot(i, 3), tf.oneHot(i, 3, 2, -1, 'int32')], false),
];

const pads = ['same', 'valid'] as const;
const convolutions: Case[] = [
  ...pads.flatMap((pad) => ([[3, 1], [3, 2], [2, 2], [1, 1], [5, 3]] as const).flatMap(([k, s]) => [
    op(`conv2d ${k} stride ${s} ${pad}`, floats([[2, 7, 6, 2], [k, k, 2, 3]]), (x: tf.Tensor4D, f: tf.Tensor4D) => tf.conv2d(x, f, s, pad)),
    op(`conv2dTranspose ${k} stride ${s} ${pad}`, floats([[2, 3, 4, 3], [k, k, 2, 3]]), (x: tf.Tensor4D, f: tf.Tensor4D) => tf.conv2dTranspose(x, f, [2, pad === 'same' ? 3 * s : 2 * s + k, pad === 'same' ? 4 * s : 3 * s + k, 2], s, pad)),
  ])),
  op('conv2d with numbers and pairs of padding', floats([[1, 5, 5, 2], [3, 3, 2, 2]]), (x: tf.Tensor4D, f: tf.Tensor4D) => [tf.conv2d(x, f, 1, 1, 'NHWC', 1, 'floor'), tf.conv2d(x, f, 1, [[0, 0], [1, 2], [0, 1], [0, 0]])], false),
  op('conv2d dilated', floats([[1, 7, 7, 2], [3, 3, 2, 2]]), (x: tf.Tensor4D, f: tf.Tensor4D) => tf.conv2d(x, f, 1, 'same', 'NHWC', 2)),
  op('conv1d', floats([[2, 7, 2], [3, 2, 3]]), (x: tf.Tensor3D, f: tf.Tensor3D) => tf.conv1d(x, f, 2, 'same')),
  ...pads.map((pad) => op(`depthwiseConv2d ${pad}`, floats([[2, 5, 6, 2], [3, 3, 2, 2]]), (x: tf.Tensor4D, f: tf.Tensor4D) => tf.depthwiseConv2d(x, f, 2, pad))),
  op('separableConv2d', floats([[2, 5, 6, 2], [3, 3, 2, 2], [1, 1, 4, 3]]), (x: tf.Tensor4D, d: tf.Tensor4D, p: tf.Tensor4D) => tf.separableConv2d(x, d, p, 1, 'same')),
  op('conv3d', floats([[1, 4, 4, 4, 2], [2, 2, 2, 2, 3]]), (x: tf.Tensor5D, f: tf.Tensor5D) => tf.conv3d(x, f, 1, 'same')),
];
const pooling: Case[] = pads.flatMap((pad) => ([[2, 2], [3, 2], [2, 1]] as const).flatMap(([k, s]) => [
  op(`maxPool ${k} stride ${s} ${pad}`, x4(), (x: tf.Tensor) => tf.maxPool(four(x), k, s, pad)),
  op(`avgPool ${k} stride ${s} ${pad}`, x4(), (x: tf.Tensor) => tf.avgPool(four(x), k, s, pad)),
])).concat([
  op('pool3d', floats([[1, 4, 4, 4, 2]]), (x: tf.Tensor5D) => [tf.maxPool3d(x, 2, 2, 'valid'), tf.avgPool3d(x, 2, 2, 'same')]),
]);
const images: Case[] = [
  ...[false, true].flatMap((align) => [
    op(`resizeBilinear align ${align}`, x4([2, 3, 4, 2]), (x: tf.Tensor) => tf.image.resizeBilinear(four(x), [6, 8], align)),
    op(`resizeNearestNeighbor align ${align}`, x4([2, 3, 4, 2]), (x: tf.Tensor) => tf.image.resizeNearestNeighbor(four(x), [6, 8], align)),
  ]),
  op('resize with half pixels', x4([2, 3, 4, 2]), (x: tf.Tensor) => [tf.image.resizeBilinear(four(x), [5, 5], false, true), tf.image.resizeNearestNeighbor(four(x), [5, 5], false, true)]),
  op('flipLeftRight, rotateWithOffset', x4(), (x: tf.Tensor) => [tf.image.flipLeftRight(four(x)), tf.image.rotateWithOffset(four(x), 0.3)], false),
  op('cropAndResize', [...x4(), ...floats([[3, 4]], 'unit'), integers([3], 2)], (x: tf.Tensor, boxes: tf.Tensor2D, ind: tf.Tensor1D) => tf.image.cropAndResize(four(x), boxes, ind, [2, 4]), false),
  op('localResponseNormalization', x4(), (x: tf.Tensor) => tf.localResponseNormalization(four(x), 2)),
];
const normalizations: Case[] = [
  op('batchNorm of constants\' shape', floats([[2, 3, 3, 4], [4], [4], [4], [4]], 'positive'), (x: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D, o: tf.Tensor1D, s: tf.Tensor1D) => tf.batchNorm(x, m, v, o, s, 1e-3)),
  op('batchNorm without scale', floats([[5, 4], [4], [4]], 'positive'), (x: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D) => tf.batchNorm(x, m, v)),
  op('losses', [...floats([[4, 3]]), { shape: [4, 3], range: 'positive' }], (x: tf.Tensor, y: tf.Tensor) => [tf.losses.sigmoidCrossEntropy(y, x), tf.losses.softmaxCrossEntropy(tf.softmax(y), x), tf.losses.meanSquaredError(y, x), tf.losses.huberLoss(y, x), tf.losses.absoluteDifference(y, x), tf.losses.logLoss(tf.sigmoid(y), tf.sigmoid(x))]),
];

/** Every kernel that has a shape rule is met here or in `layers`. */
export const operations: readonly Case[] = [...unary, ...binary, ...reductions, ...matrices, ...rearrangements, ...indexing, ...convolutions, ...pooling, ...images, ...normalizations];
