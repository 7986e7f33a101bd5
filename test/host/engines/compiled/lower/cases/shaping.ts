import * as tf from '@tensorflow/tfjs';
import { of, withoutGradient, type Case } from './case';

const one = (work: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor = tf.scalar(0)): tf.Tensor => work(x);
const two = (work: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) => (a: tf.Tensor = tf.scalar(0), b: tf.Tensor = tf.scalar(0)): tf.Tensor => work(a, b);
type Reduction = (x: tf.Tensor, axis?: number[], keepDims?: boolean) => tf.Tensor;
const reductions: [string, Reduction][] = [
  ['sum', tf.sum], ['mean', tf.mean], ['max', tf.max], ['min', tf.min], ['logSumExp', tf.logSumExp], ['norm', (x, axis, keep) => tf.norm(x, 'euclidean', axis, keep)],
  ['variance', (x, axis, keep) => tf.moments(x, axis, keep).variance], ['max of -2 x', (x, axis, keep) => tf.max(tf.mul(x, -2), axis, keep)], ['sum of x broadcast', (x, axis, keep) => tf.sum(tf.mul(tf.broadcastTo(tf.sum(x, 0, true), x.shape), 2), axis, keep)],
];
const axes: [number[], number[] | undefined, boolean][] = [[[5], undefined, false], [[3, 4], [0], false], [[3, 4], [1], true], [[3, 4], [-1], false], [[2, 3, 4], [0, 2], false], [[2, 3, 4], [1], true], [[2, 3, 4, 2], [0, 1, 2], false], [[3, 1], [1], false]];

export const reducing: readonly Case[] = [
  ...reductions.flatMap(([name, work]) => axes.filter(([, axis]) => name !== 'norm' || (axis?.length ?? 1) < 3).map(([shape, axis, keep]) => of(`${name} [${shape.join()}] over ${axis?.join() ?? 'all'}${keep ? ', kept' : ''}`, [shape], one((x) => work(x, axis, keep)), { tolerance: 5e-6 }))),
  ...[[[128, 40], [40]], [[128, 40], [128, 1]], [[128, 40], [1, 1]], [[4096, 32], [32]], [[16, 16, 16, 32], [1, 1, 1, 32]], [[16, 16, 32, 16], [32, 1]]].map(([a = [], b = []]) => of(`sums of [${a.join()}] with [${b.join()}] over all axes but the last`, [a, b], two((x, y) => {
    const sum = (of: tf.Tensor): tf.Tensor => tf.sum(of, a.slice(0, -1).map((_, axis) => axis));
    return tf.addN([sum(tf.mul(x, y)), sum(tf.add(x, y)), sum(tf.sub(y, x)), sum(tf.mul(tf.add(tf.relu(x), y), tf.div(y, 3)))]);
  }), { tolerance: 2e-5 })),
  ...[[128, 40], [4096, 32], [16, 16, 16, 32]].map((shape) => of(`deviations of [${shape.join()}] from the mean`, [shape], one((x) => {
    const { mean, variance } = tf.moments(x, shape.slice(0, -1).map((_, axis) => axis), true);
    return tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(variance)), 3);
  }), { tolerance: 2e-5 })),
  of('mean of int32', [[3, 4]], one((x) => tf.engine().runKernel('Mean', { x: tf.cast(tf.mul(x, 9), 'int32') }, { axis: [1] })), withoutGradient),
  of('prod', [[3, 4]], one((x) => tf.prod(x, 1)), withoutGradient),
  of('all, any', [[3, 4]], one((x) => tf.add(tf.cast(tf.all(tf.greater(x, -1), 1), 'float32'), tf.mul(2, tf.cast(tf.any(tf.greater(x, 1), 1), 'float32')))), withoutGradient),
  ...[0, 1, 2].flatMap((axis) => [of(`argMax ${axis}`, [[3, 4, 2]], one((x) => tf.argMax(x, axis)), withoutGradient), of(`argMin ${axis}`, [[3, 4, 2]], one((x) => tf.argMin(x, axis)), withoutGradient)]),
  ...[[false, false], [true, false], [false, true], [true, true]].flatMap(([exclusive, reverse]) => [
    of(`cumsum${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`, [[2, 4, 3]], one((x) => tf.cumsum(tf.mul(x, 2), 2, exclusive, reverse))), of(`cumsum of a middle axis${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`, [[2, 4, 3]], one((x) => tf.cumsum(x, 1, exclusive, reverse)), withoutGradient),
    of(`cumprod${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`, [[2, 4, 3]], one((x) => tf.cumprod(x, 1, exclusive, reverse)), withoutGradient),
  ]),
  of('softmax', [[3, 5]], one((x) => tf.softmax(x))), of('softmax of rank 3', [[2, 3, 5]], one((x) => tf.softmax(x))), of('logSoftmax', [[3, 5]], one((x) => tf.logSoftmax(x))),
  of('max where two are equal', [[4]], one((x) => tf.max(tf.concat([x, x])))),
];

export const shaping: readonly Case[] = [
  of('reshape', [[2, 6]], one((x) => tf.reshape(x, [3, 4]))), of('reshape of a broadcast sum', [[2, 3]], one((x) => tf.reshape(tf.broadcastTo(tf.sum(x, 1, true), [2, 3]), [6]))),
  of('reshape of a broadcast, axes apart', [[2, 1, 4]], one((x) => tf.square(tf.reshape(tf.broadcastTo(x, [2, 3, 4]), [2, 3, 2, 2])))),
  of('expandDims, squeeze', [[2, 3]], one((x) => tf.squeeze(tf.expandDims(tf.expandDims(x, 1), 0), [0]))),
  of('flatten and add a vector', [[2, 3, 4], [12]], two((a, b) => tf.add(tf.reshape(a, [2, 12]), b))),
  of('relu of a reshaped sum', [[2, 3, 4], [4]], two((a, b) => tf.relu(tf.add(tf.reshape(tf.mul(tf.reshape(a, [6, 4]), 2), [2, 3, 4]), b)))),
  ...[[1, 0], [0, 1]].map((perm) => of(`transpose ${perm.join()}`, [[3, 4]], one((x) => tf.transpose(x, perm)))),
  ...[[2, 0, 1], [1, 0, 2], [2, 1, 0]].map((perm) => of(`transpose ${perm.join()}`, [[2, 3, 4]], one((x) => tf.transpose(tf.mul(x, 2), perm)))),
  of('transpose twice', [[2, 3, 4]], one((x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [0, 2, 1]))), of('transpose with ones', [[1, 3, 1, 4]], one((x) => tf.transpose(x, [1, 0, 3, 2]))),
  ...[0, 1, 2].map((axis) => of(`concat ${axis}`, [[2, 3, 4], [2, 3, 4]], two((a, b) => tf.concat([a, b, a], axis)))),
  of('concat of unequal factors', [[2, 3], [2, 3]], two((a, b) => tf.concat([tf.mul(a, 2), tf.mul(b, -3), tf.zeros([2, 1])], 1))), of('concat of equal factors', [[2, 3], [2, 3]], two((a, b) => tf.square(tf.concat([tf.mul(a, 2), tf.mul(b, 2), tf.zeros([2, 1])], 1)))),
  of('concat with a broadcast', [[2, 3], [2, 1]], two((a, b) => tf.concat([a, tf.broadcastTo(b, [2, 3])], 0))), of('concat of constants', [[2, 3]], one((x) => tf.concat([x, tf.ones([2, 2]), tf.fill([2, 1], 4)], 1))),
  ...[0, 1, -1].map((axis) => of(`stack ${axis}`, [[2, 3], [2, 3]], two((a, b) => tf.stack([a, tf.neg(b), a], axis)))), ...[0, 1].map((axis) => of(`unstack ${axis}`, [[2, 3]], one((x) => { const parts = tf.unstack(tf.mul(x, 2), axis); return tf.mul(parts[0] ?? 0, parts[1] ?? 0); }))),
  of('slice', [[4, 5]], one((x) => tf.slice(tf.mul(x, 2), [1, 2], [2, 3]))), of('slice to the end', [[4, 5]], one((x) => tf.slice(x, [1], [-1]))), of('slice of a broadcast', [[4, 1]], one((x) => tf.slice(tf.broadcastTo(x, [4, 5]), [1, 2], [2, 3]))),
  of('stridedSlice', [[6, 5]], one((x) => tf.stridedSlice(x, [1, 4], [6, 0], [2, -2])), withoutGradient), of('stridedSlice with masks', [[6, 5]], one((x) => tf.stridedSlice(x, [1, 2], [6, 3], [1, 1], 1, 0, 0, 0, 2)), withoutGradient),
  ...[0, 1].map((axis) => of(`split ${axis}`, [[4, 6]], one((x) => { const [a, b] = tf.split(x, 2, axis); return tf.mul(a ?? 0, tf.mul(b ?? 0, 3)); }))), of('split unevenly', [[4, 6]], one((x) => tf.sum(tf.mul(tf.split(x, [1, 2, 3], 1)[2] ?? 0, 2), 1))),
  of('pad', [[2, 3]], one((x) => tf.pad(tf.mul(x, 2), [[1, 0], [0, 2]]))), of('pad with a number', [[2, 3]], one((x) => tf.pad(tf.mul(x, 2), [[0, 1], [2, 2]], 7))), of('pad of rank 4', [[1, 2, 3, 2]], one((x) => tf.pad(x, [[0, 0], [1, 1], [2, 0], [0, 0]]))),
  ...(['reflect', 'symmetric'] as const).map((mode) => of(`mirrorPad ${mode}`, [[3, 4]], one((x) => tf.mirrorPad(tf.mul(x, 2), [[1, 2], [2, 1]], mode)))),
  of('reverse', [[2, 3, 4]], one((x) => tf.reverse(tf.mul(x, 2), [0, 2]))), of('reverse of all axes', [[2, 3]], one((x) => tf.reverse(x))), of('tile', [[2, 3]], one((x) => tf.tile(tf.mul(x, 2), [2, 3]))), of('tile of ones', [[2, 1]], one((x) => tf.square(tf.tile(x, [1, 4])))),
  of('fill, zeros, ones, range, linspace', [[4]], one((x) => tf.addN([tf.mul(x, tf.fill([4], 3)), tf.zerosLike(x), tf.onesLike(x), tf.range(0, 4), tf.linspace(0, 1, 4)]))), of('clone', [[3]], one((x) => tf.mul(x.clone(), 2))),
];

export const multiplying: readonly Case[] = [
  ...[[false, false], [true, false], [false, true], [true, true]].flatMap(([left, right]) => {
    const t = `${left ? "'" : ''}${right ? " b'" : ''}`;
    const flip = (shape: number[], flipped?: boolean): number[] => (flipped ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape);
    return [
      of(`matMul${t}`, [flip([3, 4], left), flip([4, 5], right)], two((a, b) => tf.matMul(tf.mul(a, 2), tf.div(b, 3), left, right))),
      of(`matMul of batches${t}`, [flip([2, 3, 4], left), flip([2, 4, 5], right)], two((a, b) => tf.matMul(a, tf.neg(b), left, right))),
      of(`matMul of a batch by one matrix${t}`, [flip([2, 3, 4], left), flip([1, 4, 5], right)], two((a, b) => tf.matMul(a, b, left, right)), withoutGradient),
      of(`matMul of one matrix by a batch${t}`, [flip([1, 3, 4], left), flip([2, 4, 5], right)], two((a, b) => tf.matMul(a, b, left, right)), withoutGradient),
      of(`matMul of two axes of batches${t}`, [flip([2, 2, 3, 4], left), flip([2, 2, 4, 5], right)], two((a, b) => tf.matMul(a, b, left, right))),
    ];
  }),
  ...[false, true].map((left) => of(`matMul of batches with an axis of one by one matrix${left ? ', transposed' : ''}`, [left ? [13, 1, 4, 3] : [13, 1, 3, 4], [1, 1, 4, 5]], two((a, b) => tf.matMul(a, b, left)), withoutGradient)),
  of('matMul of batches, both broadcast', [[1, 3, 2, 4], [2, 1, 4, 5]], two((a, b) => tf.matMul(a, b)), withoutGradient),
  of('matMul of a transpose', [[4, 3], [4, 5]], two((a, b) => tf.matMul(tf.transpose(a), b))), of('matMul, bias, twice used', [[3, 4], [4, 5]], two((a, b) => { const y = tf.matMul(a, b); return tf.add(tf.mul(y, 2), tf.relu(y)); })),
  of('matMul with a broadcast factor', [[3, 1], [4, 5]], two((a, b) => tf.matMul(tf.broadcastTo(a, [3, 4]), b))), of('dot', [[4], [4]], two((a, b) => tf.dot(a, b))), of('outerProduct', [[3], [4]], two((a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D))),
  ...(['linear', 'relu', 'elu', 'relu6', 'sigmoid', 'leakyrelu'] as const).map((activation) => of(`fused matMul ${activation}`, [[3, 4], [4, 5]], two((a, b) => tf.fused.matMul({ a, b, bias: tf.tensor1d([1, 2, 3, -4, -5]), activation, leakyreluAlpha: 0.3 })), withoutGradient)), // with a gradient it is not fused
  of('fused matMul, differentiated', [[3, 4], [4, 5]], two((a, b) => tf.fused.matMul({ a, b, bias: tf.tensor1d([1, 2, 3, -4, -5]), activation: 'relu' }))),
  of('fused matMul prelu', [[3, 4], [4, 5]], two((a, b) => tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: tf.tensor2d([[0.1, 0.2, 0.3, 0.4, 0.5]]) })), withoutGradient),
];
