import { range } from '../../../compiled/lower/shapes';
import { sizeOf } from '../../../sizeOf';
import type { TfEdge } from '../builder';
import { int32, type TfKernel, type TfLowering, type TfLowerings } from '../kernel';

const reshaped: TfLowering = (k) => k.g.reshape(k.x, k.shape);
const uniform = (value: (k: TfKernel) => number): TfLowering => (k) => k.g.constant({ type: k.type, shape: k.shape, data: k.type === 'float32' ? Float32Array.of(value(k)) : k.type === 'int32' ? Int32Array.of(value(k)) : Uint8Array.of(value(k)) });
/** A list of pairs as a matrix, as TensorFlow wants paddings and crops. */
const pairs = (k: TfKernel, name: string): TfEdge => k.g.vector(k.pairs(name).flat(), 'int32', [k.pairs(name).length, 2]);
const blocks = (operation: string, margins: string): TfLowering => (k) => k.typed(operation, [k.in('x'), k.g.vector(k.numbers('blockShape')), pairs(k, margins)], { Tblock_shape: int32, [`T${margins}`]: int32 });

export const shapeKernels: TfLowerings = {
  Reshape: reshaped,
  ExpandDims: reshaped,
  Concat: (k) => {
    const parts = k.inputs.filter(({ shape }) => sizeOf(shape) > 0);
    const [only] = parts;
    if (only && parts.length === 1) return only;
    return k.typed('ConcatV2', [...parts, k.g.scalar(k.axis('axis', k.shape.length), 'int32')], { N: { int: parts.length }, Tidx: int32 });
  },
  SplitV: (k) => {
    const x = k.in('x');
    const axis = k.axis('axis', x.shape.length);
    const sizes = k.call.outputs.map(({ shape }) => shape[axis] ?? 1);
    return k.g.nodes('SplitV', [x, k.g.vector(sizes), k.g.scalar(axis, 'int32')], k.call.outputs.map(({ shape }) => ({ type: x.type, shape })), { T: { type: x.type }, Tlen: int32, num_split: { int: sizes.length } });
  },
  Slice: (k) => k.typed('Slice', [k.in('x'), k.g.vector(k.shape.map((_, axis) => k.numbers('begin')[axis] ?? 0)), k.g.vector(k.shape)], { Index: int32 }),
  StridedSlice: (k) => {
    const masks = (['begin', 'end', 'ellipsis'] as const).map((name) => [`${name}_mask`, { int: k.number(`${name}Mask`, 0) }]);
    const attributes = { ...Object.fromEntries(masks), new_axis_mask: { int: k.number('newAxisMask', 0) }, shrink_axis_mask: { int: k.number('shrinkAxisMask', 0) } };
    return k.typed('StridedSlice', [k.in('x'), ...['begin', 'end', 'strides'].map((name) => k.g.vector(k.numbers(name)))], { Index: int32, ...attributes });
  },
  Pack: (k) => k.typed('Pack', k.inputs, { N: { int: k.inputs.length }, axis: { int: k.axis('axis', k.shape.length) } }),
  Unpack: (k) => {
    const x = k.in('value');
    const results = k.call.outputs.map(({ shape }) => ({ type: x.type, shape }));
    return k.g.nodes('Unpack', [x], results, { T: { type: x.type }, num: { int: results.length }, axis: { int: k.axis('axis', x.shape.length) } });
  },
  Tile: (k) => k.typed('Tile', [k.in('x'), k.g.vector(k.numbers('reps'))], { Tmultiples: int32 }),
  PadV2: (k) => k.typed('PadV2', [k.in('x'), pairs(k, 'paddings'), k.g.scalar(k.number('constantValue', 0), k.type)], { Tpaddings: int32 }),
  MirrorPad: (k) => k.typed('MirrorPad', [k.in('x'), pairs(k, 'paddings')], { Tpaddings: int32, mode: { string: k.text('mode').toUpperCase() } }),
  Reverse: (k) => k.typed('ReverseV2', [k.in('x'), k.g.vector(k.has('dims') ? k.numbers('dims') : range(k.shape.length))], { Tidx: int32 }),
  FlipLeftRight: (k) => k.typed('ReverseV2', [k.in('image'), k.g.vector([2])], { Tidx: int32 }),
  SpaceToBatchND: blocks('SpaceToBatchND', 'paddings'),
  BatchToSpaceND: blocks('BatchToSpaceND', 'crops'),
  DepthToSpace: (k) => {
    if (k.text('dataFormat', 'NHWC') !== 'NHWC') k.refuse('its channels come first');
    return k.typed('DepthToSpace', [k.in('x')], { block_size: { int: k.number('blockSize') } });
  },
  Fill: uniform((k) => k.number('value')),
  ZerosLike: uniform(() => 0),
  OnesLike: uniform(() => 1),
  Range: (k) => k.g.vector(range(sizeOf(k.shape)).map((i) => k.number('start') + i * k.number('step')), k.type),
  LinSpace: (k) => {
    const [start, stop, count] = [k.number('start'), k.number('stop'), k.number('num')];
    return k.g.vector(range(count).map((i) => (count > 1 ? start + (i * (stop - start)) / (count - 1) : start)), 'float32');
  },
};
