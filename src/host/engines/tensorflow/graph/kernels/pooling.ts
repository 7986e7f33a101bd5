import * as tf from '@tensorflow/tfjs';
import { poolingWindows, type AxisWindows } from '../../../compiled/lower/windows';
import { sizeOf } from '../../../sizeOf';
import type { TfEdge } from '../builder';
import { int32, type TfKernel, type TfLowering, type TfLowerings } from '../kernel';

/** Smaller than any pixel. */
const LOWEST = -3.4028234663852886e38;
type Axis = Pick<AxisWindows, 'in' | 'out' | 'size' | 'step' | 'before'>;

/** The windows along each axis between batch and channels: two, or three in a volume. */
function axesOf(k: TfKernel, shape: readonly number[]): Axis[] {
  if (shape.length === 4) {
    const { rows, columns } = poolingWindows(k, shape);
    return [rows, columns];
  }
  const [batch = 1, depth = 1, height = 1, width = 1, channels = 1] = shape;
  const three = (name: string): [number, number, number] => {
    const [a = 1, b = a, c = a] = k.numbers(name);
    return [a, b, c];
  };
  const pad = k.call.attributes['pad'];
  if (pad !== 'same' && pad !== 'valid') return k.refuse('its padding is of another kind');
  const info = tf.backend_util.computePool3DInfo([batch, depth, height, width, channels], three('filterSize'), three('strides'), 1, pad);
  return [
    { in: info.inDepth, out: info.outDepth, size: info.effectiveFilterDepth, step: info.strideDepth, before: info.padInfo.front },
    { in: info.inHeight, out: info.outHeight, size: info.effectiveFilterHeight, step: info.strideHeight, before: info.padInfo.top },
    { in: info.inWidth, out: info.outWidth, size: info.effectiveFilterWidth, step: info.strideWidth, before: info.padInfo.left },
  ];
}
const after = (axis: Axis): number => Math.max(0, (axis.out - 1) * axis.step + axis.size - axis.in - axis.before);
const inVolume = (axes: readonly Axis[]): string => (axes.length === 3 ? '3D' : '');
const windows = (axes: readonly Axis[]) => ({ ksize: { ints: [1, ...axes.map(({ size }) => size), 1] }, strides: { ints: [1, ...axes.map(({ step }) => step), 1] }, padding: { string: 'VALID' } });

/** The image with its padding, so that every window lies inside: TensorFlow knows no padding by numbers here. */
function padded(k: TfKernel, x: TfEdge, axes: readonly Axis[], value: number): TfEdge {
  if (axes.every((axis) => axis.before === 0 && after(axis) === 0)) return x;
  const paddings = [[0, 0], ...axes.map((axis) => [axis.before, after(axis)]), [0, 0]];
  const shape = x.shape.map((size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  return k.g.typed('PadV2', [x, k.g.vector(paddings.flat(), 'int32', [paddings.length, 2]), k.g.scalar(value)], shape, { Tpaddings: int32 });
}
/** What lies inside the padding. */
function inside(k: TfKernel, x: TfEdge, axes: readonly Axis[]): TfEdge {
  const begin = [0, ...axes.map(({ before }) => before), 0];
  return x.shape.join() === k.shape.join() ? x : k.typed('Slice', [x, k.g.vector(begin), k.g.vector(k.shape)], { Index: int32 });
}
/** Of each window, its size over the number of its places that are in the image, for the one axis. */
const shares = (axis: Axis): number[] => Array.from({ length: axis.out }, (_, i) => {
  const first = i * axis.step - axis.before;
  return axis.size / (Math.min(first + axis.size, axis.in) - Math.max(first, 0));
});

const largest: TfLowering = (k) => {
  const axes = axesOf(k, k.in('x').shape);
  return k.typed(`MaxPool${inVolume(axes)}`, [padded(k, k.in('x'), axes, LOWEST)], windows(axes));
};
/** dy goes to the first of a window's largest pixels. */
const largestGradient: TfLowering = (k) => {
  const [x, dy] = [k.in('input'), k.in('dy')];
  const axes = axesOf(k, x.shape);
  const [whole, volume] = [padded(k, x, axes, LOWEST), inVolume(axes)];
  const y = k.g.typed(`MaxPool${volume}`, [whole], dy.shape, windows(axes));
  return inside(k, k.g.typed(`MaxPool${volume}Grad`, [whole, y, dy], whole.shape, { ...windows(axes), ...(volume ? { TInput: { type: 'float32' } } : {}) }), axes);
};
const mean: TfLowering = (k) => {
  const axes = axesOf(k, k.in('x').shape);
  const rank = k.shape.length;
  let y = k.typed(`AvgPool${inVolume(axes)}`, [padded(k, k.in('x'), axes, 0)], windows(axes));
  axes.forEach((axis, i) => {
    const share = shares(axis);
    if (share.some((one) => one !== 1)) y = k.typed('Mul', [y, k.g.vector(share, 'float32', Array.from({ length: rank }, (_, at) => (at === i + 1 ? axis.out : 1)))]);
  });
  return y;
};
/** As TensorFlow.js's kernel: padding takes a share of a window's dy too, which is not the gradient of AvgPool; gradients that are right scale dy before. */
const meanGradient: TfLowering = (k) => {
  const axes = axesOf(k, k.in('input').shape);
  const shape = k.shape.map((size, axis) => { const window = axes[axis - 1]; return window ? size + window.before + after(window) : size; });
  const whole = k.g.node(`AvgPool${inVolume(axes)}Grad`, [k.g.vector(shape), k.in('dy')], 'float32', shape, { T: { type: 'float32' }, ...windows(axes) });
  return sizeOf(shape) === sizeOf(k.shape) ? whole : inside(k, whole, axes);
};

export const pooling: TfLowerings = {
  MaxPool: largest, MaxPool3D: largest, MaxPoolGrad: largestGradient, MaxPool3DGrad: largestGradient,
  AvgPool: mean, AvgPool3D: mean, AvgPoolGrad: meanGradient, AvgPool3DGrad: meanGradient,
};
