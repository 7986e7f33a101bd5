import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../src/host/engines/backends';
import { Random } from '../../../../src/host/training/index';

beforeAll(() => startBackend('cpu')); // registers the gradients

type F = (...inputs: tf.Tensor[]) => tf.Tensor;
interface Checked { readonly name: string; readonly shapes: readonly (readonly number[])[]; readonly f: (...inputs: never[]) => tf.Tensor; /** Of the difference: any where f is linear in each number. */ readonly h?: number; readonly within?: number; readonly values?: number[][] }
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const uneven = (shape: number[]): tf.Tensor => tf.tensor(Float32Array.from({ length: size(shape) }, (_, i) => Math.cos(0.5 + 0.9 * i)), shape);

const linear: Omit<Checked, 'h'>[] = [
  ...([[[2, 3], [3]], [[2, 1], [1, 3]], [[], [2, 2]], [[4], [4]]] as const).flatMap((shapes) => [
    { name: `maximum ${shapes.join(' with ')}`, shapes, f: tf.maximum as F }, { name: `minimum ${shapes.join(' with ')}`, shapes, f: tf.minimum as F },
  ]),
  ...[false, true].flatMap((ta) => [false, true].flatMap((tb) => ([[[], []], [[2], [2]], [[2], []], [[1], [5]], [[1, 3], [2, 1]], [[2, 3], [2, 1]], [[3, 1], [2]]] as const).map(([a, b]) => ({
    name: `matMul of batches ${a.join()} and ${b.join()}, transposed ${ta} ${tb}`, shapes: [[...a, ...(ta ? [4, 2] : [2, 4])], [...b, ...(tb ? [3, 4] : [4, 3])]], f: (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, ta, tb),
  })))),
  ...([[[4], [3]], [[2, 3], [2, 2]], [[2, 1, 3], [1, 4, 2]], [[1, 2, 1, 2], [3, 1, 2, 2]], [[2, 1, 1, 1, 2], [1, 2, 1, 3, 1]]] as const).map(([shape, reps]) => ({ name: `tile [${shape.join()}] by ${reps.join()}`, shapes: [shape], f: (x: tf.Tensor) => tf.tile(x, [...reps]) })),
  ...['ij,jk->ik', 'bij,bjk->bik', 'ij,kj->ki', 'i,j->ij', 'ij->ji', 'ij->j', 'ij->', 'ijk,ij->k', 'ij,ij->'].map((equation) => ({
    name: `einsum ${equation}`, f: (...xs: tf.Tensor[]) => tf.einsum(equation, ...xs),
    shapes: (equation.split('->')[0] ?? '').split(',').map((labels) => [...labels].map((label) => ({ b: 2, i: 2, j: 3, k: 4 })[label] ?? 1)),
  })),
  ...[0, 1].flatMap((axis) => [false, true].flatMap((exclusive) => [false, true].flatMap((reverse) => [
    { name: `cumsum ${axis} ${exclusive} ${reverse}`, shapes: [[3, 4]], f: (x: tf.Tensor) => tf.cumsum(x, axis, exclusive, reverse) },
    { name: `cumprod ${axis} ${exclusive} ${reverse}`, shapes: [[3, 4]], f: (x: tf.Tensor) => tf.cumprod(x, axis, exclusive, reverse), values: [[1, -2, 0, 3, 2, 0, 1, 1, -1, 2, 0, 0.5]] },
  ]))),
  { name: 'prod', shapes: [[2, 3]], f: (x: tf.Tensor) => tf.prod(x, 1), values: [[2, 0, 3, 1, -1, 4]] },
  { name: 'split into one', shapes: [[2, 3]], f: (x: tf.Tensor) => tf.split(x, 1, 1)[0] as tf.Tensor },
  { name: 'unstack into one', shapes: [[1, 3]], f: (x: tf.Tensor) => tf.unstack(x)[0] as tf.Tensor },
  { name: 'stridedSlice', shapes: [[5, 4]], f: (x: tf.Tensor) => tf.stridedSlice(x, [0, 3], [5, 0], [2, -1]) },
  { name: 'stridedSlice dropping a dimension', shapes: [[5, 4]], f: (x: tf.Tensor) => tf.stridedSlice(x, [1, 0], [2, 4], [1, 2], 0, 0, 0, 0, 1) },
  ...(['reflect', 'symmetric'] as const).map((mode) => ({ name: `mirrorPad ${mode}`, shapes: [[4, 3]], f: (x: tf.Tensor) => tf.mirrorPad(x, [[1, 2], [0, 2]], mode) })),
  { name: 'gatherND', shapes: [[3, 2, 2]], f: (x: tf.Tensor) => tf.gatherND(x, tf.tensor2d([[0, 1], [2, 0], [0, 1]], [3, 2], 'int32')) },
  { name: 'scatterND', shapes: [[3, 2]], f: (x: tf.Tensor) => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), x, [4, 2]) },
  { name: 'diag', shapes: [[2, 2]], f: (x: tf.Tensor) => tf.diag(x) },
  { name: 'depthToSpace', shapes: [[2, 2, 3, 8]], f: (x: tf.Tensor) => tf.depthToSpace(x as tf.Tensor4D, 2) },
  ...([[2, 'same'], [2, 'valid'], [3, 'same']] as const).flatMap(([dilation, pad]) => [
    { name: `conv2d dilated by ${dilation} ${pad}`, shapes: [[1, 7, 8, 2], [3, 2, 2, 2]], f: (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, pad, 'NHWC', dilation) },
    { name: `depthwiseConv2d dilated by ${dilation} ${pad}`, shapes: [[1, 7, 8, 2], [3, 2, 2, 2]], f: (x: tf.Tensor, w: tf.Tensor) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, pad, 'NHWC', dilation) },
  ]),
  { name: 'conv2d dilated by two numbers', shapes: [[1, 7, 8, 1], [3, 2, 1, 2]], f: (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', [3, 2]) },
  ...([[2, 2], [3, 2], [2, 1], [3, 3]] as const).flatMap(([window, stride]) => (['same', 'valid'] as const).flatMap((pad) => [
    { name: `avgPool ${window} stride ${stride} ${pad}`, shapes: [[2, 5, 6, 2]], f: (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, window, stride, pad) },
    { name: `avgPool3d ${window} stride ${stride} ${pad}`, shapes: [[1, 4, 3, 5, 1]], f: (x: tf.Tensor) => tf.avgPool3d(x as tf.Tensor5D, window, stride, pad) },
  ])),
  { name: 'avgPool of an oblong window', shapes: [[1, 5, 6, 2]], f: (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, [2, 3], [2, 1], 'same') },
  { name: 'avgPool padded by one', shapes: [[1, 5, 6, 2]], f: (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 3, 2, 1, 'floor') },
  { name: 'gather of batches', shapes: [[2, 4, 3]], f: (x: tf.Tensor) => tf.gather(x, tf.tensor2d([[0, 3, 0], [2, 2, 1]], [2, 3], 'int32') as unknown as tf.Tensor1D, 1, 1) },
  ...([[1, 'same'], [2, 'valid'], [2, 'same']] as const).map(([stride, pad]) => ({
    name: `conv3dTranspose stride ${stride} ${pad}`, shapes: [[1, 2, 2, 2, 2], [2, 2, 2, 1, 2]], f: (x: tf.Tensor, w: tf.Tensor) => tf.conv3dTranspose(x as tf.Tensor5D, w as tf.Tensor5D, [1, 2 * stride, 2 * stride, 2 * stride, 1], stride, pad),
  })),
  ...[[false, false], [true, false], [false, true]].flatMap(([align, half]) => ([[4, 6], [5, 7], [2, 2]] as const).flatMap((to) => [
    { name: `resizeBilinear to ${to.join()} ${align} ${half}`, shapes: [[2, 2, 3, 2]], f: (x: tf.Tensor) => tf.image.resizeBilinear(x as tf.Tensor4D, [...to], align, half) },
    { name: `resizeNearestNeighbor to ${to.join()} ${align} ${half}`, shapes: [[2, 2, 3, 2]], f: (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [...to], align, half) },
  ])),
];
const curved: Checked[] = [
  ...([[[2, 3], [3]], [[2, 1], [1, 3]], [[], [2, 2]]] as const).map((shapes) => ({ name: `squaredDifference ${shapes.join(' with ')}`, shapes, f: tf.squaredDifference as F })),
  { name: 'batchNorm', shapes: [[3, 2, 2, 4], [4], [4], [4], [4]], f: ((x: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D, o: tf.Tensor1D, s: tf.Tensor1D) => tf.batchNorm(x, m, tf.add(tf.square(v), 0.5), o, s, 1e-3)) },
  { name: 'batchNorm of a batch\'s own moments', shapes: [[6, 3], [3], [3]], f: ((x: tf.Tensor, o: tf.Tensor1D, s: tf.Tensor1D) => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, o, s, 1e-3);
  }) },
  { name: 'batchNorm without scale and offset', shapes: [[3, 2, 2, 4], [4], [4]], f: ((x: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D) => tf.batchNorm(x, m, tf.add(tf.square(v), 0.5))) },
  { name: 'batchNorm elementwise', shapes: [[2, 3], [2, 3], [2, 3], [2, 3], [2, 3]], f: ((x: tf.Tensor2D, m: tf.Tensor2D, v: tf.Tensor2D, o: tf.Tensor2D, s: tf.Tensor2D) => tf.batchNorm2d(x, m, tf.add<tf.Tensor2D>(tf.square(v), 0.5), o, s, 1e-3)) },
];
const steps: Omit<Checked, 'h'>[] = [
  ...(['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const).map((name) => ({ name: `by ${name}`, shapes: [[2, 3], [3]], f: ((a: tf.Tensor, b: tf.Tensor) => tf.mul(a, tf.cast(tf[name](a, b), 'float32'))) })),
  { name: 'by logical operations', shapes: [[4], [4]], f: ((a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.mul(a, b), tf.cast(tf.logicalOr(tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0)), tf.logicalNot(tf.greater(b, a))), 'float32'))) },
  { name: 'by any and all', shapes: [[3, 2]], f: ((x: tf.Tensor) => tf.mul(x, tf.cast(tf.logicalOr(tf.any(tf.greater(x, 1), 1, true), tf.all(tf.less(x, 0), 0, true)), 'float32'))) },
  { name: 'by argMin', shapes: [[4, 3], [5, 3]], f: ((z: tf.Tensor, table: tf.Tensor) => tf.mul(z, tf.gather(table, tf.argMin(tf.sum(tf.abs(tf.sub(tf.expandDims(z, 1), table)), 2), 1) as tf.Tensor1D))) },
  { name: 'by topk', shapes: [[2, 5]], f: ((x: tf.Tensor) => tf.topk(x, 2).values) },
];

/** The gradient of an uneven sum of what f gives, by central differences, beside TensorFlow.js's. */
function compare({ shapes, f, h = 1e-2, within = 3e-3, values }: Checked): void {
  const random = new Random(21);
  const inputs = shapes.map((shape, k) => values?.[k] ?? Array.from({ length: size(shape) }, () => 4 * random.uniform() - 2));
  const tensors = (): tf.Tensor[] => inputs.map((data, k) => tf.tensor(data, [...(shapes[k] ?? [])]));
  const loss = (...xs: tf.Tensor[]): tf.Scalar => {
    const y = (f as F)(...xs);
    return tf.sum(tf.mul(y, uneven(y.shape)));
  };
  const analytic = tf.tidy(() => tf.grads(loss)(tensors()).map((gradient) => ({ shape: gradient.shape, data: Array.from(gradient.dataSync()) })));
  expect(analytic.map(({ shape }) => shape)).toEqual(shapes);
  inputs.forEach((data, k) => data.forEach((value, i) => {
    const at = (x: number): number => {
      data[i] = x;
      return tf.tidy(() => loss(...tensors()).dataSync()[0] ?? NaN);
    };
    const numeric = (at(value + h) - at(value - h)) / (2 * h);
    data[i] = value;
    expect(Math.abs((analytic[k]?.data[i] ?? NaN) - numeric), `input ${k} at ${i}: ${analytic[k]?.data[i]}, and by differences ${numeric}`).toBeLessThan(within * Math.max(1, Math.abs(numeric)));
  }));
}

describe('a repaired gradient is the one of finite differences', () => {
  it.each(linear)('$name', (checked) => {
    const before = tf.memory().numTensors;
    compare({ ...checked, h: 1e-2, within: 1e-3 });
    expect(tf.memory().numTensors).toBe(before);
  });
  it.each(curved)('$name', (checked) => { compare(checked); });
  it.each(steps)('$name', (checked) => { compare({ ...checked, h: 1e-3, within: 5e-3 }); });
});

describe('a gradient', () => {
  it('of equal arguments of maximum and minimum goes to the first', () => {
    const of = (f: typeof tf.maximum): number[][] => tf.tidy(() => tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(f(a, b)))([tf.tensor([1, 2]), tf.tensor([1, 2])]).map((g) => Array.from(g.dataSync())));
    expect([of(tf.maximum), of(tf.minimum)]).toEqual([[[1, 1], [0, 0]], [[1, 1], [0, 0]]]);
  });
  it('of einsum is refused where a factor repeats a label', () => {
    expect(() => tf.tidy(() => tf.grad((x: tf.Tensor) => tf.einsum('ii->i', x))(tf.ones([2, 2])))).toThrow();
  });
});
