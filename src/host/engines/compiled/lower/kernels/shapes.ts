import * as tf from '@tensorflow/tfjs';
import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { axesOf, range } from '../shapes';
import { fullEdge, heldSizes, reshapeTerm, term, uniform, uniformValue, wideEdge, type Term } from '../terms';
import { sizeOf } from '../../../sizeOf';

/** Joined along an axis; a factor all have in common is carried on, and noughts fit any. */
export function concatenated(k: Kernel, parts: readonly Term[], axis: number): Term {
  const given = parts.filter((part) => sizeOf(part.shape) > 0);
  const factors = [...new Set(given.filter((part) => uniformValue(k.g, part) !== 0).map((part) => part.factor))];
  const common = factors.length === 1 ? factors[0] ?? 1 : 1;
  const edges = given.map((part): Edge => (uniformValue(k.g, part) === 0 ? k.g.expand(k.g.scalar(0, part.edge.type), part.shape) : common === 1 ? fullEdge(k.g, part) : wideEdge(k.g, part)));
  return k.made(k.g.concat(edges, axis), common);
}

/** x with the axes in `axes` held in full, the others as they are; without its factor. */
function heldAlong(k: Kernel, x: Term, axes: readonly number[]): Edge {
  return k.g.expand(k.g.withRank(x.edge, x.shape.length), heldSizes(x).map((size, axis) => (axes.includes(axis) ? x.shape[axis] ?? 1 : size)));
}

/** Cut along each axis; an axis along which x is broadcast stays so. */
function sliced(k: Kernel, x: Term, begin: readonly number[], end: readonly number[], steps: readonly number[]): Term {
  const held = heldSizes(x);
  const axes = range(x.shape.length).filter((axis) => held[axis] !== 1 && !(begin[axis] === 0 && end[axis] === x.shape[axis] && steps[axis] === 1));
  const at = (values: readonly number[]): number[] => axes.map((axis) => values[axis] ?? 0);
  const edge = axes.length ? k.g.slice(k.g.withRank(x.edge, x.shape.length), axes, at(begin), at(end), at(steps)) : x.edge;
  return { edge, factor: x.factor, shape: x.shape.map((_, axis) => Math.max(0, Math.ceil(((end[axis] ?? 0) - (begin[axis] ?? 0)) / (steps[axis] ?? 1)))) };
}

/** Constant blocks before and after, joined on: faster than ONNX Runtime's Pad. */
function paddedTerm(k: Kernel, x: Term, paddings: readonly (readonly [number, number])[], value: number): Term {
  const axes = range(x.shape.length).filter((axis) => (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0) > 0);
  let edge = value === 0 ? heldAlong(k, x, axes) : k.g.scale(heldAlong(k, x, axes), x.factor);
  for (const axis of axes) {
    const block = (size: number): Edge[] => (size ? [k.g.expand(k.g.scalar(value, edge.type), edge.shape.map((all, i) => (i === axis ? size : all)))] : []);
    edge = k.g.concat([...block(paddings[axis]?.[0] ?? 0), edge, ...block(paddings[axis]?.[1] ?? 0)], axis);
  }
  return k.made(edge, value === 0 ? x.factor : 1);
}

function picked(k: Kernel, x: Term, axis: number, indices: readonly number[]): Edge {
  return k.g.gather(heldAlong(k, x, [axis]), k.g.vector(indices, 'int32'), axis);
}

function unpacked(k: Kernel): Term[] {
  const x = k.term('value');
  const [axis = 0] = axesOf([k.number('axis', 0)], x.shape.length);
  const parts = k.g.split(heldAlong(k, x, [axis]), axis, k.call.outputs.map(() => 1));
  const one = x.shape.map((size, i) => (i === axis ? 1 : size));
  return k.call.outputs.map((output, i) => reshapeTerm(k.g, { edge: parts[i] ?? x.edge, factor: x.factor, shape: one }, output.shape));
}

export const shapeKernels: Lowerings = {
  Reshape: (k) => reshapeTerm(k.g, k.term('x'), k.shape),
  ExpandDims: (k) => reshapeTerm(k.g, k.term('input'), k.shape),
  Transpose: (k) => {
    const x = k.term('x');
    return k.made(k.g.transpose(k.g.withRank(x.edge, x.shape.length), k.numbers('perm')), x.factor);
  },
  Concat: (k) => concatenated(k, k.inputs, axesOf([k.number('axis', 0)], k.shape.length)[0] ?? 0),
  Pack: (k) => {
    const [axis = 0] = axesOf([k.number('axis', 0)], k.shape.length);
    const one = k.shape.map((size, i) => (i === axis ? 1 : size));
    return concatenated(k, k.inputs.map((x) => reshapeTerm(k.g, x, one)), axis);
  },
  Unpack: unpacked,
  Slice: (k) => {
    const begin = k.numbers('begin');
    return sliced(k, k.term('x'), begin, k.shape.map((size, axis) => (begin[axis] ?? 0) + size), k.shape.map(() => 1));
  },
  StridedSlice: (k) => {
    const x = k.term('x');
    const mask = (name: string): number => k.number(`${name}Mask`, 0);
    const info = tf.slice_util.sliceInfo([...x.shape], k.numbers('begin'), k.numbers('end'), k.numbers('strides'), mask('begin'), mask('end'), mask('ellipsis'), mask('newAxis'), mask('shrinkAxis'));
    return reshapeTerm(k.g, sliced(k, x, info.begin, info.end, info.strides), k.shape);
  },
  SplitV: (k) => {
    const x = k.term('x');
    const [axis = 0] = axesOf([k.number('axis', 0)], x.shape.length);
    const parts = k.g.split(heldAlong(k, x, [axis]), axis, k.call.outputs.map((output) => output.shape[axis] ?? 1));
    return k.call.outputs.map((output, i) => ({ edge: parts[i] ?? x.edge, factor: x.factor, shape: output.shape }));
  },
  PadV2: (k) => paddedTerm(k, k.term('x'), k.pairs('paddings'), k.number('constantValue', 0)),
  MirrorPad: (k) => {
    const skipped = k.text('mode') === 'reflect' ? 1 : 0;
    let edge = k.term('x').edge;
    const { shape, factor } = k.term('x');
    k.pairs('paddings').forEach(([before, after], axis) => {
      if (!before && !after) return;
      const count = shape[axis] ?? 1;
      const indices = [...range(before).map((i) => before - 1 - i + skipped), ...range(count), ...range(after).map((i) => count - 1 - i - skipped)];
      edge = picked(k, { edge, factor, shape }, axis, indices);
    });
    return k.made(edge, factor);
  },
  Reverse: (k) => {
    const { shape, factor } = k.term('x');
    const reversed = k.has('dims') ? axesOf(k.numbers('dims'), shape.length) : range(shape.length);
    const steps = shape.map((_, axis) => (reversed.includes(axis) ? -1 : 1));
    const at = (forwards: (size: number) => number, backwards: (size: number) => number): number[] => shape.map((size, axis) => (steps[axis] === 1 ? forwards(size) : backwards(size)));
    return { ...sliced(k, k.term('x'), at(() => 0, (size) => size - 1), at((size) => size, () => -1), steps), factor };
  },
  FlipLeftRight: (k) => {
    const x = k.term('image');
    const width = x.shape[2] ?? 1;
    return k.made(picked(k, x, 2, range(width).reverse()), x.factor);
  },
  /** A copy along an axis of size 1 is a broadcast. */
  Tile: (k) => {
    const x = k.term('x');
    const reps = k.numbers('reps');
    const axes = range(x.shape.length).filter((axis) => x.shape[axis] !== 1 && reps[axis] !== 1);
    if (!axes.length) return { ...x, shape: k.shape };
    const edge = heldAlong(k, x, axes);
    const times = reps.map((count, axis) => (axes.includes(axis) ? count : 1));
    return k.made(k.g.node('Tile', [edge, k.g.vector(times, 'int64')], edge.type, edge.shape.map((size, axis) => size * (times[axis] ?? 1))), x.factor);
  },
  Fill: (k) => uniform(k.g, k.number('value'), k.shape, k.type),
  ZerosLike: (k) => uniform(k.g, 0, k.shape, k.type),
  OnesLike: (k) => uniform(k.g, 1, k.shape, k.type),
  Range: (k) => k.made(k.g.vector(range(sizeOf(k.shape)).map((i) => k.number('start') + i * k.number('step')), k.type)),
  LinSpace: (k) => {
    const [start, stop, count] = [k.number('start'), k.number('stop'), k.number('num')];
    return term(k.g, k.g.vector(range(count).map((i) => (count > 1 ? start + (i * (stop - start)) / (count - 1) : start))), k.shape);
  },
};
