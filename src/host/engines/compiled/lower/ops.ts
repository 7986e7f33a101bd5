import assert from 'node:assert';
import type { Attributes, OnnxType } from '../onnx/index';
import { GraphBuilder, type Edge } from './builder';
import { axesOf, broadcast, padded, range, sameShape, withoutLeadingOnes, type Shape } from './shapes';
import { sizeOf } from '../../sizeOf';

/** From this size on, ONNX Runtime's broadcasting with a last dimension of 1 (ten times slower) is worth two reshapes, and a sum over the first axis is a product with ones. */
const LARGE = 4096;
/** From this size on, a short vector along the last axis is repeated. */
const TALL = 65536;
/** A last axis up to this is short; runs of up to this are made of it. */
const [SHORT, RUN] = [256, 8192];
/** So many times smaller is much smaller. */
const SMALLER = 8;
interface ElementwiseOptions { readonly type?: OnnxType; readonly attributes?: Attributes }

/** ONNX operators with their shapes known, in the forms that ONNX Runtime computes fast. */
export class Ops extends GraphBuilder {
  /** Whether to keep to ONNX's own operators, for files that other programs read. */
  constructor(readonly portable = false) { super(); }

  scalar(value: number, type: OnnxType = 'float32'): Edge { return this.vector([value], type, []); }
  vector(values: readonly number[], type: OnnxType = 'float32', shape: Shape = [values.length]): Edge {
    if (type === 'int64') return this.constant(type, shape, BigInt64Array.from(values, BigInt));
    return this.constant(type, shape, type === 'float32' ? Float32Array.from(values) : type === 'int32' ? Int32Array.from(values) : Uint8Array.from(values));
  }
  filled(value: number, shape: Shape, type: OnnxType = 'float32'): Edge { return this.vector(Array.from({ length: sizeOf(shape) }, () => value), type, shape); }

  reshape(x: Edge, shape: Shape): Edge {
    const base = this.madeBy('Reshape', x) ?? x;
    const data = this.dataOf(base);
    if (sameShape(base.shape, shape)) return base;
    if (data && data.length < LARGE) return this.constant(base.type, shape, data);
    return this.node('Reshape', [base, this.vector(shape, 'int64')], x.type, shape);
  }

  transpose(x: Edge, perm: Shape): Edge {
    const shape = perm.map((axis) => x.shape[axis] ?? 1);
    const moving = perm.filter((axis) => x.shape[axis] !== 1);
    if (moving.every((axis, i) => i === 0 || axis > (moving[i - 1] ?? 0))) return this.reshape(x, shape);
    const before = this.producer(x);
    if (before?.operator === 'Transpose' && before.from[0] && 'perm' in before.attributes) {
      const first = before.attributes['perm'];
      if (first && 'ints' in first) return this.transpose(before.from[0], perm.map((axis) => first.ints[axis] ?? 0));
    }
    return this.node('Transpose', [x], x.type, shape, { perm: { ints: perm } });
  }

  /** An operator that works element by element, broadcasting. Reshapes of what it is given are moved behind it, where they meet others and vanish. */
  elementwise(operator: string, from: readonly Edge[], options: ElementwiseOptions = {}): Edge {
    const shape = broadcast(...from.map((edge) => edge.shape));
    const inner = sizeOf(shape) === 1 ? undefined : this.#innerShape(from, shape);
    if (!inner) return this.#combined(operator, from, shape, options);
    const moved = (edge: Edge): Shape => (sizeOf(edge.shape) === 1 ? [] : sameShape(edge.shape, shape) ? inner : withoutLeadingOnes(edge.shape));
    return this.reshape(this.#combined(operator, from.map((edge) => this.reshape(edge, moved(edge))), inner, options), shape);
  }

  #combined(operator: string, from: readonly Edge[], shape: Shape, options: ElementwiseOptions): Edge {
    const type = options.type ?? from[0]?.type ?? 'float32';
    const wider = this.#widened(operator, from, shape);
    if (wider) return this.reshape(this.node(operator, wider.from, type, wider.shape, options.attributes), shape);
    if (sizeOf(shape) < LARGE || shape.at(-1) !== 1) return this.node(operator, from, type, shape, options.attributes);
    const squeezed = from.map((edge) => (edge.shape.length ? this.reshape(edge, edge.shape.slice(0, -1)) : edge));
    return this.reshape(this.#combined(operator, squeezed, shape.slice(0, -1), options), shape);
  }

  /**
   * A short vector along the last axis of something tall, both seen as wider: ONNX Runtime broadcasts in runs of the last axis, and a run has its cost.
   * A sum with a product stays as it is, since the product can take it in.
   */
  #widened(operator: string, from: readonly Edge[], shape: Shape): { from: Edge[]; shape: Shape } | undefined {
    const last = shape.at(-1) ?? 1;
    const rows = sizeOf(shape) / last;
    const isVector = (edge: Edge): boolean => last > 1 && sameShape(withoutLeadingOnes(edge.shape), [last]);
    if (last > SHORT || sizeOf(shape) < TALL || !from.some(isVector) || !from.every((edge) => isVector(edge) || sizeOf(edge.shape) === 1 || sameShape(edge.shape, shape))) return undefined;
    if (operator === 'Add' && from.some((edge) => this.producer(edge)?.operator === 'Gemm')) return undefined;
    const times = range(Math.floor(RUN / last) + 1).reverse().find((count) => count > 0 && rows % count === 0) ?? 1;
    if (times < 4) return undefined;
    const wide = [rows / times, times * last];
    const widened = (edge: Edge): Edge => {
      if (isVector(edge)) return this.reshape(this.expand(this.reshape(edge, [1, last]), [times, last]), [times * last]);
      return this.reshape(edge, sizeOf(edge.shape) === 1 ? [] : wide);
    };
    return { shape: wide, from: from.map(widened) };
  }

  /** The shape before a reshape in which `from` may be combined as well, if one of them was reshaped: scalars fit any, vectors along the last axis where that axis is the same. */
  #innerShape(from: readonly Edge[], shape: Shape): Shape | undefined {
    const last = shape.at(-1);
    for (const candidate of from) {
      const inner = sameShape(candidate.shape, shape) ? this.madeBy('Reshape', candidate)?.shape : undefined;
      if (!inner) continue;
      const fits = (edge: Edge): boolean => sizeOf(edge.shape) === 1 || sameShape(edge.shape, shape) || (inner.at(-1) === last && sameShape(withoutLeadingOnes(edge.shape), [last ?? 1]));
      if (from.every(fits)) return inner;
    }
    return undefined;
  }

  cast(x: Edge, type: OnnxType): Edge {
    if (x.type === type) return x;
    const to = { float32: 1, int32: 6, int64: 7, bool: 9 }[type];
    return this.elementwise('Cast', [x], { type, attributes: { to: { int: to } } });
  }
  add(a: Edge, b: Edge): Edge { return this.elementwise('Add', [a, b]); }
  sub(a: Edge, b: Edge): Edge { return this.elementwise('Sub', [a, b]); }
  mul(a: Edge, b: Edge): Edge { return this.elementwise('Mul', [a, b]); }
  div(a: Edge, b: Edge): Edge { return this.elementwise('Div', [a, b]); }
  unary(operator: string, x: Edge, attributes: Attributes = {}): Edge { return this.elementwise(operator, [x], { attributes }); }
  compare(operator: 'Equal' | 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual', a: Edge, b: Edge): Edge { return this.elementwise(operator, [a, b], { type: 'bool' }); }
  where(condition: Edge, a: Edge, b: Edge): Edge { return this.elementwise('Where', [condition, a, b], { type: a.type }); }

  expand(x: Edge, shape: Shape): Edge {
    if (sameShape(x.shape, shape)) return x;
    const data = this.dataOf(x);
    if (data?.length === 1 && sizeOf(shape) < LARGE) return this.filled(Number(data[0]), shape, x.type);
    if (sizeOf(x.shape) === sizeOf(shape)) return this.reshape(x, shape);
    return this.node('Expand', [x, this.vector(shape, 'int64')], x.type, shape);
  }

  /** A reduction that keeps its axes, as ones. Neighbouring axes with the same fate are taken as one, and a sum over the first axis is a product with ones: ONNX Runtime is several times faster so. */
  reduce(operator: 'ReduceSum' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd', x: Edge, axes: Shape): Edge {
    const along = axesOf(axes, x.shape.length);
    const shape = x.shape.map((size, axis) => (along.includes(axis) ? 1 : size));
    const merged: { size: number; reduced: boolean }[] = [];
    x.shape.forEach((size, axis) => {
      const [last, reduced] = [merged.at(-1), along.includes(axis)];
      if (size === 1) return;
      if (last?.reduced === reduced) last.size *= size;
      else merged.push({ size, reduced });
    });
    if (!merged.some(({ reduced }) => reduced)) return x;
    const flat = this.reshape(x, merged.map(({ size }) => size));
    const [rows, columns] = flat.shape;
    if (operator === 'ReduceSum' && x.type === 'float32' && merged.length === 2 && merged[0]?.reduced && rows && columns && rows * columns >= LARGE) {
      return this.reshape(this.#sumOfRows(flat, rows, columns), shape);
    }
    const over = merged.flatMap(({ reduced }, axis) => (reduced ? [axis] : []));
    const left = merged.map(({ size, reduced }) => (reduced ? 1 : size));
    return this.reshape(this.node(operator, [flat, this.vector(over, 'int64')], x.type, left, { keepdims: { int: 1 } }), shape);
  }

  /** Of x [rows, columns]. What is the same in each row is taken out of the sum: in batch normalization the sums of deviations so become sums that are there already. */
  #sumOfRows(x: Edge, rows: number, columns: number): Edge {
    const made = this.producer(this.madeBy('Reshape', x) ?? x);
    const [a, b] = made?.from ?? [];
    for (const [whole, other] of a && b ? [[a, b], [b, a]] as const : []) {
      const row = sizeOf(whole.shape) === rows * columns && this.producer(whole)?.operator !== 'Gemm' ? this.#repeated(other, columns) : undefined;
      const sum = (): Edge => this.#sumOfRows(this.reshape(whole, [rows, columns]), rows, columns);
      if (row && made?.operator === 'Mul') return this.mul(sum(), row);
      if (row && made?.operator === 'Add') return this.add(sum(), this.scale(row, rows));
    }
    return this.gemm(this.expand(this.scalar(1), [1, rows]), x);
  }

  /** The row [columns] of which x, along its last axis, consists: it alone, or several times (see `#widened`). */
  #repeated(x: Edge, columns: number): Edge | undefined {
    if (x.shape.at(-1) !== sizeOf(x.shape)) return undefined;
    const once = this.madeBy('Expand', this.madeBy('Reshape', x) ?? x) ?? x;
    return sameShape(withoutLeadingOnes(once.shape), [columns]) ? this.reshape(once, [columns]) : undefined;
  }

  /** [m, k] by [k, n], each transposed first where asked; a factor that is itself a transpose is used as it was before. By one number, or to one number, it is no matrix product. */
  gemm(a: Edge, b: Edge, transposeA = false, transposeB = false): Edge {
    const [left, right] = [this.madeBy('Transpose', a), this.madeBy('Transpose', b)];
    if (left) return this.gemm(left, b, !transposeA, transposeB);
    if (right) return this.gemm(a, right, transposeA, !transposeB);
    const shape = [a.shape[transposeA ? 1 : 0] ?? 1, b.shape[transposeB ? 0 : 1] ?? 1];
    if (sizeOf(b.shape) === 1) return this.reshape(this.mul(a, this.reshape(b, [])), shape);
    if (sizeOf(shape) === 1) return this.reshape(this.reduce('ReduceSum', this.mul(this.reshape(a, [sizeOf(a.shape)]), this.reshape(b, [sizeOf(b.shape)])), [0]), shape);
    return this.node('Gemm', [a, b], a.type, shape, { ...(transposeA ? { transA: { int: 1 } } : {}), ...(transposeB ? { transB: { int: 1 } } : {}) });
  }

  /** Products of the last two axes, the others broadcasting. */
  matMul(a: Edge, b: Edge, transposeA = false, transposeB = false): Edge {
    const swapped = (edge: Edge): number[] => [...range(edge.shape.length - 2), edge.shape.length - 1, edge.shape.length - 2];
    const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), a.shape.at(transposeA ? -1 : -2) ?? 1, b.shape.at(transposeB ? -2 : -1) ?? 1];
    if ((transposeA || transposeB) && !this.portable && a.type === 'float32') {
      return this.node('FusedMatMul', [a, b], a.type, shape, { transA: { int: transposeA ? 1 : 0 }, transB: { int: transposeB ? 1 : 0 } }, 'com.microsoft');
    }
    return this.node('MatMul', [transposeA ? this.transpose(a, swapped(a)) : a, transposeB ? this.transpose(b, swapped(b)) : b], a.type, shape);
  }

  concat(parts: readonly Edge[], axis: number): Edge {
    const [first] = parts;
    assert(first, 'nothing to concatenate');
    if (parts.length === 1) return first;
    const along = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 1), 0);
    return this.node('Concat', parts, first.type, first.shape.map((size, i) => (i === axis ? along : size)), { axis: { int: axis } });
  }

  /** From `begin` (inclusive) to `end` (exclusive) along each of `axes`, every `step`th. */
  slice(x: Edge, axes: Shape, begin: Shape, end: Shape, step: Shape = axes.map(() => 1)): Edge {
    const shape = [...x.shape];
    axes.forEach((axis, i) => { shape[axis] = Math.max(0, Math.ceil(((end[i] ?? 0) - (begin[i] ?? 0)) / (step[i] ?? 1))); });
    if (sameShape(shape, x.shape) && step.every((by) => by === 1)) return x;
    const bounds = (values: Shape): Edge => this.vector(values.map((value) => (value < 0 ? -(2 ** 31) : value)), 'int64');
    return this.node('Slice', [x, bounds(begin), bounds(end), this.vector(axes, 'int64'), this.vector(step, 'int64')], x.type, shape);
  }

  split(x: Edge, axis: number, sizes: Shape): readonly Edge[] {
    if (sizes.length === 1) return [x];
    return this.nodes('Split', [x, this.vector(sizes, 'int64')], sizes.map((size) => ({ type: x.type, shape: x.shape.map((all, i) => (i === axis ? size : all)) })), { axis: { int: axis } });
  }

  /** `indices` of any shape take the place of `axis`. */
  gather(x: Edge, indices: Edge, axis: number): Edge {
    return this.node('Gather', [x, indices], x.type, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], { axis: { int: axis } });
  }

  /** `x` times `factor`, which may become a product's own in the end; of a product with something much smaller, that is scaled. */
  scale(x: Edge, factor: number): Edge {
    if (factor === 1) return x;
    const data = this.dataOf(x);
    if (data?.length === 1) return this.vector([Number(data[0]) * factor], x.type, x.shape);
    const product = this.producer(this.madeBy('Reshape', x) ?? x);
    const small = product?.operator === 'Mul' ? product.from.find((edge) => edge && sizeOf(edge.shape) * SMALLER <= sizeOf(x.shape)) : undefined;
    const large = product?.from.find((edge) => edge !== small);
    if (small && large) return this.reshape(this.mul(this.scale(small, factor), large), x.shape);
    return factor === -1 ? this.unary('Neg', x) : this.mul(x, this.scalar(factor, x.type));
  }

  /** x with ones in front of its shape. */
  withRank(x: Edge, rank: number): Edge { return x.shape.length === rank ? x : this.reshape(x, padded(x.shape, rank)); }
}
