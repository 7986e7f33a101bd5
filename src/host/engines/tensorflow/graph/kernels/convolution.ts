import { convolutionWindows, type AxisWindows } from '../../../compiled/lower/windows';
import type { Shape } from '../../../compiled/lower/shapes';
import type { TfEdge } from '../builder';
import { int32, type TfKernel, type TfLowering, type TfLowerings } from '../kernel';
import type { TfAttributes } from '../savedModel';
import { activated } from './elementwise';

const toLast = [0, 2, 3, 1];
const toFirst = [0, 3, 1, 2];
const channelsFirst = (k: TfKernel): boolean => k.text('dataFormat', 'NHWC') === 'NCHW';
/** An image with channels last, which TensorFlow wants on the CPU. */
const image = (k: TfKernel, name: string): TfEdge => (channelsFirst(k) ? k.g.transpose(k.in(name), toLast) : k.in(name));
const asGiven = (k: TfKernel, y: TfEdge): TfEdge => (channelsFirst(k) ? k.g.transpose(y, toFirst) : y);
const inShape = (k: TfKernel, shape: Shape): Shape => (channelsFirst(k) ? toLast.map((axis) => shape[axis] ?? 1) : shape);

/** Padding behind the last place, as much as the last window needs. */
const after = (axis: AxisWindows): number => Math.max(0, (axis.out - 1) * axis.step + (axis.size - 1) * axis.dilation + 1 - axis.in - axis.before);

/** Strides, padding and dilations of a convolution of [batch, height, width, channels]. */
function windowAttributes(k: TfKernel, input: Shape, filter: Shape, depthwise = false): TfAttributes {
  const { rows, columns } = convolutionWindows(k, input, filter, depthwise);
  if (depthwise && rows.step !== columns.step) k.refuse('its steps differ by axis');
  const pad = k.call.attributes['pad'];
  const padding = pad === 'same' ? 'SAME' : pad === 'valid' ? 'VALID' : 'EXPLICIT';
  return {
    strides: { ints: [1, rows.step, columns.step, 1] }, dilations: { ints: [1, rows.dilation, columns.dilation, 1] }, padding: { string: padding },
    ...(padding === 'EXPLICIT' ? { explicit_paddings: { ints: [0, 0, rows.before, after(rows), columns.before, after(columns), 0, 0] } } : {}),
  };
}

const convolved = (operation: string, depthwise = false) => (k: TfKernel): TfEdge => {
  const [x, filter] = [image(k, 'x'), k.in('filter')];
  if (!depthwise && filter.shape[2] !== x.shape[3]) k.refuse('it has groups of channels');
  return asGiven(k, k.g.typed(operation, [x, filter], inShape(k, k.shape), windowAttributes(k, x.shape, filter.shape, depthwise)));
};
const filterGradient = (operation: string, depthwise = false): TfLowering => (k) => {
  const [x, dy] = [image(k, 'x'), image(k, 'dy')];
  return k.typed(operation, [x, k.g.vector(k.shape), dy], windowAttributes(k, x.shape, k.shape, depthwise)); // T is the images'
};
const inputGradient = (operation: string, depthwise = false): TfLowering => (k) => {
  const [dy, filter] = [image(k, 'dy'), k.in('filter')];
  const shape = inShape(k, k.shape);
  return asGiven(k, k.g.node(operation, [k.g.vector(shape), filter, dy], 'float32', shape, { T: { type: 'float32' }, ...windowAttributes(k, shape, filter.shape, depthwise) }));
};
/** Bias and activation behind a convolution, as inference fuses them. */
const fused = (convolve: (k: TfKernel) => TfEdge): TfLowering => (k) => {
  const bias = k.optional('bias');
  if (bias && channelsFirst(k)) k.refuse('its channels come first');
  return activated(k, bias ? k.typed(bias.shape.length === 1 ? 'BiasAdd' : 'AddV2', [convolve(k), bias]) : convolve(k));
};

/** A number for each of three axes; 1 where there is none. */
function three(k: TfKernel, name: string): number[] {
  if (!k.has(name)) return [1, 1, 1];
  const [a = 1, b = a, c = a] = k.numbers(name);
  return [a, b, c];
}
const inVolume = (k: TfKernel): TfAttributes => ({ T: { type: 'float32' }, strides: { ints: [1, ...three(k, 'strides'), 1] }, dilations: { ints: [1, ...three(k, 'dilations'), 1] }, padding: { string: k.text('pad').toUpperCase() } });

export const convolution: TfLowerings = {
  Conv2D: convolved('Conv2D'),
  Conv2DBackpropFilter: filterGradient('Conv2DBackpropFilter'),
  Conv2DBackpropInput: inputGradient('Conv2DBackpropInput'),
  FusedConv2D: fused(convolved('Conv2D')),
  DepthwiseConv2dNative: convolved('DepthwiseConv2dNative', true),
  DepthwiseConv2dNativeBackpropFilter: filterGradient('DepthwiseConv2dNativeBackpropFilter', true),
  DepthwiseConv2dNativeBackpropInput: inputGradient('DepthwiseConv2dNativeBackpropInput', true),
  FusedDepthwiseConv2D: fused(convolved('DepthwiseConv2dNative', true)),
  Conv3D: (k) => k.typed('Conv3D', [k.in('x'), k.in('filter')], inVolume(k)),
  Conv3DBackpropFilterV2: (k) => k.typed('Conv3DBackpropFilterV2', [k.in('x'), k.g.vector(k.shape), k.in('dy')], inVolume(k)),
  Conv3DBackpropInputV2: (k) => k.g.node('Conv3DBackpropInputV2', [k.g.vector(k.shape), k.in('filter'), k.in('dy')], 'float32', k.shape, { ...inVolume(k), Tshape: int32 }),
};
