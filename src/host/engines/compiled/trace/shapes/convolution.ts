import * as tf from '@tensorflow/tfjs';
import { all, malformed, need, numberOrNumbersOf, numbersOf, pairsOf, type Attributes, type ShapeRule, type ShapeRules, type Spec } from './rule';

type Padding = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
type Rounding = Parameters<typeof tf.backend_util.computeConv2DInfo>[5];
type Quadruple = [number, number, number, number];
type Quintuple = [number, number, number, number, number];

export function quadruple(shape: readonly number[]): Quadruple {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || shape.length !== 4) throw malformed(`[${shape.join(', ')}] is not a shape of four dimensions`);
  return [a, b, c, d];
}
export function quintuple(shape: readonly number[]): Quintuple {
  const [a, b, c, d, e] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || shape.length !== 5) throw malformed(`[${shape.join(', ')}] is not a shape of five dimensions`);
  return [a, b, c, d, e];
}
export function padding(attributes: Attributes): Padding {
  const { pad } = attributes;
  if (pad === 'same' || pad === 'valid' || typeof pad === 'number') return pad;
  const [a, b, c, d] = pairsOf(attributes, 'pad');
  if (!a || !b || !c || !d) throw malformed('explicit padding has four pairs');
  return [a, b, c, d];
}
export const rounding = ({ dimRoundingMode }: Attributes): Rounding => (dimRoundingMode === 'floor' || dimRoundingMode === 'round' || dimRoundingMode === 'ceil' ? dimRoundingMode : undefined);
export function two(value: number | number[]): [number, number] {
  return typeof value === 'number' ? [value, value] : [value[0] ?? 1, value[1] ?? value[0] ?? 1];
}
/** tf.layers passes null where it means 1. */
const dilationsOf = (attributes: Attributes): number | number[] => (attributes['dilations'] === null || attributes['dilations'] === undefined ? 1 : numberOrNumbersOf(attributes, 'dilations'));
export function three(value: number | number[]): [number, number, number] {
  return typeof value === 'number' ? [value, value, value] : [value[0] ?? 1, value[1] ?? value[0] ?? 1, value[2] ?? value[0] ?? 1];
}

const convolution = (depthwise: boolean): ShapeRule => (inputs, attributes) => {
  const [x, filter] = [need(inputs, 'x'), need(inputs, 'filter')];
  const format = attributes['dataFormat'] === 'NCHW' ? 'channelsFirst' : 'channelsLast';
  const { outShape } = tf.backend_util.computeConv2DInfo(
    quadruple(x.shape), quadruple(filter.shape), two(numberOrNumbersOf(attributes, 'strides')), two(dilationsOf(attributes)),
    padding(attributes), rounding(attributes), depthwise, format);
  return { shape: outShape, dtype: 'float32' };
};
const named = (attribute: string): ShapeRule => (_, attributes): Spec => ({ shape: numbersOf(attributes, attribute), dtype: 'float32' });

export const convolutions: ShapeRules = {
  ...all(convolution(false), ['Conv2D', 'FusedConv2D']),
  ...all(convolution(true), ['DepthwiseConv2dNative', 'FusedDepthwiseConv2D']),
  ...all(named('inputShape'), ['Conv2DBackpropInput', 'DepthwiseConv2dNativeBackpropInput', 'Conv3DBackpropInputV2']),
  ...all(named('filterShape'), ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter', 'Conv3DBackpropFilterV2']),
  Conv3D: (inputs, attributes) => {
    const { pad } = attributes;
    if (pad !== 'same' && pad !== 'valid') throw malformed('Conv3D pads "same" or "valid"');
    const { outShape } = tf.backend_util.computeConv3DInfo(
      quintuple(need(inputs, 'x').shape), quintuple(need(inputs, 'filter').shape), three(numberOrNumbersOf(attributes, 'strides')), three(dilationsOf(attributes)), pad);
    return { shape: outShape, dtype: 'float32' };
  },
};
