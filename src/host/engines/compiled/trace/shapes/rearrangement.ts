import * as tf from '@tensorflow/tfjs';
import { all, fromStart, list, malformed, need, numberOf, numberOrNumbersOf, numbersOf, pairsOf, withDimension, type Attributes, type ShapeRule, type ShapeRules } from './rule';
import { sizeOf } from '../../../sizeOf';

const axisOf = (attributes: Attributes, rank: number): number => fromStart(numberOf(attributes, 'axis'), rank);
const padded: ShapeRule = (inputs, attributes) => {
  const x = need(inputs, 'x');
  const paddings = pairsOf(attributes, 'paddings');
  return { shape: x.shape.map((d, i) => d + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0)), dtype: x.dtype };
};

export const rearrangements: ShapeRules = {
  ...all(padded, ['PadV2', 'MirrorPad']),
  Reshape: (inputs, attributes) => {
    const x = need(inputs, 'x');
    return { shape: tf.util.inferFromImplicitShape(numbersOf(attributes, 'shape'), sizeOf(x.shape)), dtype: x.dtype };
  },
  ExpandDims: (inputs, attributes) => {
    const x = need(inputs, 'input');
    const shape = [...x.shape];
    shape.splice(fromStart(numberOf(attributes, 'dim'), x.shape.length + 1), 0, 1);
    return { shape, dtype: x.dtype };
  },
  Concat: (inputs, attributes) => {
    const parts = list(inputs);
    const [first] = parts;
    if (!first) throw malformed('Concat has nothing to join');
    const axis = axisOf(attributes, first.shape.length);
    return { shape: withDimension(first.shape, axis, parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0)), dtype: first.dtype };
  },
  SplitV: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const axis = axisOf(attributes, x.shape.length);
    const whole = x.shape[axis] ?? 0;
    const sizes = numberOrNumbersOf(attributes, 'numOrSizeSplits');
    const counts = typeof sizes === 'number' ? Array<number>(sizes).fill(whole / sizes) : sizes;
    const rest = whole - counts.reduce((sum, size) => sum + Math.max(0, size), 0);
    return counts.map((size) => ({ shape: withDimension(x.shape, axis, size < 0 ? rest : size), dtype: x.dtype }));
  },
  Slice: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const begin = [numberOrNumbersOf(attributes, 'begin')].flat();
    const size = attributes['size'] === undefined || attributes['size'] === null ? [] : [numberOrNumbersOf(attributes, 'size')].flat();
    return { shape: x.shape.map((d, i) => ((size[i] ?? -1) < 0 ? d - (begin[i] ?? 0) : size[i] ?? d)), dtype: x.dtype };
  },
  StridedSlice: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const mask = (name: string): number => numberOf(attributes, name);
    const { finalShape } = tf.slice_util.sliceInfo([...x.shape], numbersOf(attributes, 'begin'), numbersOf(attributes, 'end'), numbersOf(attributes, 'strides'),
      mask('beginMask'), mask('endMask'), mask('ellipsisMask'), mask('newAxisMask'), mask('shrinkAxisMask'));
    return { shape: finalShape, dtype: x.dtype };
  },
  Pack: (inputs, attributes) => {
    const parts = list(inputs);
    const [first] = parts;
    if (!first) throw malformed('Pack has nothing to stack');
    const shape = [...first.shape];
    shape.splice(fromStart(numberOf(attributes, 'axis'), first.shape.length + 1), 0, parts.length);
    return { shape, dtype: first.dtype };
  },
  Unpack: (inputs, attributes) => {
    const x = need(inputs, 'value');
    const axis = axisOf(attributes, x.shape.length);
    const part = { shape: x.shape.filter((_, i) => i !== axis), dtype: x.dtype };
    return Array.from({ length: x.shape[axis] ?? 0 }, () => part);
  },
  Tile: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const reps = numbersOf(attributes, 'reps');
    return { shape: x.shape.map((d, i) => d * (reps[i] ?? 1)), dtype: x.dtype };
  },
  Reverse: (inputs) => need(inputs, 'x'),
  SpaceToBatchND: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const block = numbersOf(attributes, 'blockShape');
    const paddings = pairsOf(attributes, 'paddings');
    const spatial = block.map((size, i) => ((x.shape[i + 1] ?? 0) + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0)) / size);
    return { shape: [(x.shape[0] ?? 0) * sizeOf(block), ...spatial, ...x.shape.slice(block.length + 1)], dtype: x.dtype };
  },
  BatchToSpaceND: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const block = numbersOf(attributes, 'blockShape');
    const crops = pairsOf(attributes, 'crops');
    const spatial = block.map((size, i) => (x.shape[i + 1] ?? 0) * size - (crops[i]?.[0] ?? 0) - (crops[i]?.[1] ?? 0));
    return { shape: [(x.shape[0] ?? 0) / sizeOf(block), ...spatial, ...x.shape.slice(block.length + 1)], dtype: x.dtype };
  },
  DepthToSpace: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const size = numberOf(attributes, 'blockSize');
    const [batch = 0, height = 0, width = 0, depth = 0] = x.shape;
    return { shape: [batch, height * size, width * size, depth / (size * size)], dtype: x.dtype };
  },
};
