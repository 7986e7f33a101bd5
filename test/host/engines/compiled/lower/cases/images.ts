import * as tf from '@tensorflow/tfjs';
import { of, withoutGradient, type Case, type Changes } from './case';

type Image = tf.Tensor4D;
const one = (work: (x: Image) => tf.Tensor) => (x: tf.Tensor = tf.scalar(0)): tf.Tensor => work(x as Image);
const two = (work: (x: Image, filter: Image) => tf.Tensor) => (x: tf.Tensor = tf.scalar(0), filter: tf.Tensor = tf.scalar(0)): tf.Tensor => work(x as Image, filter as Image);
const loose: Changes = { tolerance: 5e-6 };
const byDifferences: Changes = { gradient: 'differences' };

/** Height, width, filter size, step, padding. */
const windows: [number, number, number, number, 'same' | 'valid' | number][] = [
  [5, 6, 1, 1, 'valid'], [5, 6, 3, 1, 'same'], [5, 6, 3, 1, 'valid'], [6, 6, 3, 2, 'same'], [7, 5, 3, 2, 'same'], [7, 6, 3, 2, 'valid'], [8, 8, 4, 2, 'same'], [6, 8, 2, 2, 'valid'],
  [7, 7, 5, 3, 'same'], [7, 8, 2, 3, 'valid'], [4, 4, 4, 1, 'valid'], [6, 6, 5, 1, 'same'], [6, 7, 3, 1, 1], [6, 6, 1, 2, 'same'],
];
const named = ([h, w, size, step, pad]: (typeof windows)[number]): string => `${h}x${w}, ${size}x${size} by ${step}, ${pad}`;

export const convolving: readonly Case[] = [
  ...windows.flatMap((window) => {
    const [h, w, size, step, pad] = window;
    const [oh, ow] = tf.backend_util.computeConv2DInfo([2, h, w, 3], [size, size, 3, 4], step, 1, pad).outShape.slice(1, 3);
    return [
      of(`conv2d ${named(window)}`, [[2, h, w, 3], [size, size, 3, 4]], two((x, filter) => tf.conv2d(tf.mul<Image>(x, 2), filter, step, pad)), loose),
      of(`conv2dTranspose ${named(window)}`, [[2, oh ?? 1, ow ?? 1, 4], [size, size, 3, 4]], two((x, filter) => tf.conv2dTranspose(tf.mul<Image>(x, 2), filter, [2, h, w, 3], step, pad)), loose),
      of(`depthwiseConv2d ${named(window)}`, [[2, h, w, 3], [size, size, 3, 1]], two((x, filter) => tf.depthwiseConv2d<Image>(x, filter, step, pad)), loose),
      of(`depthwiseConv2d ${named(window)}, two filters a channel`, [[2, h, w, 3], [size, size, 3, 2]], two((x, filter) => tf.depthwiseConv2d<Image>(x, filter, step, pad)), loose),
      of(`maxPool ${named(window)}`, [[2, h, w, 3]], one((x) => tf.maxPool(x, size, step, pad))),
      of(`avgPool ${named(window)}`, [[2, h, w, 3]], one((x) => tf.avgPool(tf.mul<Image>(x, 2), size, step, pad))),
    ];
  }),
  of('conv2d of many images with one channel', [[16, 5, 6, 1], [3, 3, 1, 2]], two((x, filter) => tf.conv2d(x, filter, 2, 'same')), loose), of('maxPool of many images with one channel', [[17, 5, 6, 1]], one((x) => tf.maxPool(x, 3, 2, 'same'))),
  ...[2, 16].map((count) => of(`conv2dTranspose to ${count} images with one channel`, [[count, 3, 3, 2], [3, 3, 1, 2]], two((x, filter) => tf.conv2dTranspose(tf.mul<Image>(x, 2), filter, [count, 6, 5, 1], 2, 'same')), loose)),
  of('conv2d with unequal steps and filter', [[2, 6, 7, 2], [3, 2, 2, 3]], two((x, filter) => tf.conv2d(x, filter, [2, 1], 'same')), loose),
  of('conv2d with explicit padding', [[2, 6, 7, 2], [3, 2, 2, 3]], two((x, filter) => tf.conv2d(x, filter, [2, 1], [[0, 0], [1, 2], [0, 1], [0, 0]])), loose),
  of('conv2d, spread', [[2, 7, 7, 2], [3, 3, 2, 3]], two((x, filter) => tf.conv2d(x, filter, 1, 'same', 'NHWC', 2)), { ...withoutGradient, ...loose }),
  of('conv2d, channels first', [[2, 2, 6, 7], [3, 3, 2, 3]], two((x, filter) => tf.conv2d(x, filter, 2, 'same', 'NCHW')), loose),
  of('depthwiseConv2d, spread', [[2, 7, 7, 2], [3, 3, 2, 2]], two((x, filter) => tf.depthwiseConv2d<Image>(x, filter, 1, 'valid', 'NHWC', 2)), { ...withoutGradient, ...loose }),
  of('separableConv2d', [[2, 6, 6, 3], [3, 3, 3, 2]], two((x, filter) => tf.separableConv2d(x, filter, tf.ones([1, 1, 6, 4]), 2, 'same')), loose),
  of('conv1d', [[2, 8, 3], [3, 3, 4]], (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 2, 'same'), loose),
  ...(['linear', 'relu', 'elu', 'relu6', 'sigmoid'] as const).map((activation) => of(`fused conv2d ${activation}`, [[2, 5, 5, 2], [3, 3, 2, 3]], two((x, filter) => tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias: tf.tensor1d([1, 0, -1]), activation })), { ...loose, ...withoutGradient })), // with a gradient it is not fused
  of('fused depthwiseConv2d', [[2, 5, 5, 2], [3, 3, 2, 1]], two((x, filter) => tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'same', bias: tf.tensor1d([1, -1]), activation: 'relu' })), { ...loose, ...withoutGradient }),
  of('conv2d, bias, relu', [[2, 6, 6, 2], [3, 3, 2, 3]], two((x, filter) => tf.relu(tf.add(tf.conv2d(x, filter, 2, 'same'), tf.tensor1d([1, 0, -1])))), loose),
  of('maxPool of equal pixels', [[1, 4, 4, 2]], one((x) => tf.maxPool(tf.round<Image>(x), 3, 1, 'same'))),
];

const sizes: [number, number, number, number][] = [[3, 4, 6, 8], [6, 8, 3, 4], [3, 3, 6, 6], [3, 3, 5, 5], [6, 6, 3, 3], [4, 4, 4, 4], [5, 5, 1, 2], [1, 1, 3, 3]];
const volume = (work: (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor) => (x: tf.Tensor = tf.scalar(0), filter: tf.Tensor = x): tf.Tensor => work(x as tf.Tensor5D, filter as tf.Tensor5D);
const onTensorflow: Changes = { ...loose, only: 'TensorFlow' };
export const volumes: readonly Case[] = [
  ...(['same', 'valid'] as const).flatMap((pad) => [
    of(`conv3d, ${pad}`, [[2, 4, 5, 4, 2], [2, 3, 2, 2, 3]], volume((x, filter) => tf.conv3d(x, filter, 2, pad)), onTensorflow),
    of(`maxPool3d, ${pad}`, [[2, 4, 5, 4, 2]], volume((x) => tf.maxPool3d(x, 3, 2, pad)), onTensorflow),
    of(`avgPool3d, ${pad}`, [[2, 4, 5, 4, 2]], volume((x) => tf.avgPool3d(x, [2, 3, 2], 2, pad)), { ...onTensorflow, gradient: 'differences' }),
  ]),
  of('conv3dTranspose', [[2, 2, 2, 2, 3], [2, 2, 2, 2, 3]], volume((x, filter) => tf.conv3dTranspose(x, filter, [2, 4, 4, 4, 2], 2, 'same')), onTensorflow),
  ...(['bilinear', 'nearest'] as const).map((method) => of(`cropAndResize ${method}`, [[2, 5, 6, 3]], one((x) => tf.image.cropAndResize(x, tf.tensor2d([[0, 0.1, 0.7, 1], [0.2, 0, 1.2, 0.5]]), tf.tensor1d([1, 0], 'int32'), [3, 4], method, 0.5)), { ...onTensorflow, ...withoutGradient })),
];

export const resizing: readonly Case[] = sizes.flatMap(([h, w, toH, toW]) => [[false, false], [true, false], [false, true]].flatMap(([align, half]) => {
  const name = `${h}x${w} to ${toH}x${toW}${align ? ', corners aligned' : ''}${half ? ', half pixels' : ''}`;
  return [
    of(`resizeBilinear ${name}`, [[2, h, w, 2]], one((x) => tf.image.resizeBilinear(tf.mul<Image>(x, 2), [toH, toW], align, half)), h === w ? byDifferences : withoutGradient), // tfjs's gradient has its sides exchanged
    of(`resizeNearestNeighbor ${name}`, [[2, h, w, 2]], one((x) => tf.image.resizeNearestNeighbor(tf.mul<Image>(x, 2), [toH, toW], align, half)), align && h === 1 ? withoutGradient : byDifferences), // tfjs's gradient never ends there
  ];
}));

export const normalizing: readonly Case[] = [
  of('batchNorm', [[4, 3], [3], [3], [3], [3]], (x = tf.scalar(0), mean = x, variance = x, offset = x, scale = x) => tf.batchNorm(x, mean as tf.Tensor1D, tf.abs(variance) as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D), { ...loose, between: [0.3, 2] }),
  of('batchNorm of images', [[2, 3, 4, 3], [3], [3], [3], [3]], (x = tf.scalar(0), mean = x, variance = x, offset = x, scale = x) => tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 0.1), { ...loose, between: [0.3, 2] }),
  of('batchNorm without scale and offset', [[4, 3], [3], [3]], (x = tf.scalar(0), mean = x, variance = x) => tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D), { ...loose, ...withoutGradient, between: [0.3, 2] }),
  of('localResponseNormalization', [[2, 3, 3, 6]], one((x) => tf.localResponseNormalization(x, 2, 1, 0.5, 0.75)), loose),
];

const table = (): tf.Tensor => tf.tensor2d([[0, 2], [1, 1]], [2, 2], 'int32');
export const gathering: readonly Case[] = [
  ...[0, 1].map((axis) => of(`gather ${axis}`, [[3, 4]], one((x) => tf.gather(tf.mul(x, 2), tf.tensor1d([2, 0, 2], 'int32'), axis)))), of('gather with a table', [[3, 4]], one((x) => tf.gather(x, table() as tf.Tensor2D, 0))),
  of('gather with batches', [[2, 3, 4]], one((x) => tf.gather(x, table() as tf.Tensor2D, 1, 1)), withoutGradient), of('gatherND', [[3, 4]], one((x) => tf.gatherND(tf.mul(x, 2), table())), withoutGradient),
  of('scatterND', [[2, 3]], one((x) => tf.scatterND(tf.tensor2d([[2], [0]], [2, 1], 'int32'), tf.mul(x, 2), [4, 3])), withoutGradient), of('unsortedSegmentSum', [[4, 3]], one((x) => tf.unsortedSegmentSum(tf.mul(x, 2), tf.tensor1d([1, 0, 1, 2], 'int32'), 3))),
  of('tensorScatterUpdate', [[3, 2], [2, 2]], (x = tf.scalar(0), updates = x) => tf.tensorScatterUpdate(tf.mul(x, 2), tf.tensor2d([[2], [0]], [2, 1], 'int32'), updates), withoutGradient), of('flipLeftRight', [[2, 3, 4, 2]], one((x) => tf.image.flipLeftRight(tf.mul<Image>(x, 2))), withoutGradient),
  of('diag', [[3]], one((x) => tf.diag(x)), withoutGradient), of('diag of a matrix', [[2, 3]], one((x) => tf.diag(x)), withoutGradient),
  of('oneHot', [[4]], one((x) => tf.mul(tf.oneHot(tf.tensor1d([1, 0, 3, 2], 'int32'), 4, 5, -1), x))), of('topk', [[3, 5]], one((x) => { const { values, indices } = tf.topk(x, 2); return tf.add(values, tf.cast(indices, 'float32')); }), withoutGradient),
  of('einsum', [[2, 3, 4], [4, 5]], (a, b) => tf.einsum('bij,jk->bik', a ?? tf.scalar(0), b ?? tf.scalar(0)), withoutGradient), of('depthToSpace', [[2, 3, 2, 8]], one((x) => tf.depthToSpace(tf.mul(x, 2) as Image, 2)), withoutGradient),
  of('batchToSpaceND', [[8, 2, 3, 2]], one((x) => tf.batchToSpaceND(x, [2, 2], [[0, 1], [1, 0]]))), of('spaceToBatchND', [[2, 3, 5, 2]], one((x) => tf.spaceToBatchND(tf.mul(x, 2), [2, 2], [[1, 0], [0, 1]]))),
];
