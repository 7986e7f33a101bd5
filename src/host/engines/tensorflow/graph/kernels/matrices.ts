import { sizeOf } from '../../../sizeOf';
import type { TfEdge } from '../builder';
import { flag, type TfKernel, type TfLowerings } from '../kernel';
import { activated } from './elementwise';

/** The product as one of two matrices wherever one of the factors is a single matrix, which TensorFlow computes faster than batches. */
function multiplied(k: TfKernel): TfEdge {
  const [a, b] = [k.in('a'), k.in('b')];
  const [transposeA, transposeB] = [k.flag('transposeA'), k.flag('transposeB')];
  const count = (x: TfEdge): number => sizeOf(x.shape.slice(0, -2));
  const matrix = (x: TfEdge): TfEdge => k.g.reshape(x, x.shape.slice(-2));
  const product = (left: TfEdge, shape: readonly number[]): TfEdge => {
    const made = k.g.typed('MatMul', [left, matrix(b)], [sizeOf(shape.slice(0, -1)), shape.at(-1) ?? 1], { transpose_a: flag(transposeA), transpose_b: flag(transposeB) });
    return k.g.reshape(made, shape);
  };
  if (count(a) === 1 && count(b) === 1) return product(matrix(a), k.shape);
  if (count(b) === 1 && !transposeA) return product(k.g.reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1) ?? 1]), k.shape);
  // TensorFlow 2.21 is given nothing to broadcast: with an axis of 1 its oneDNN writes where it may not (https://github.com/tensorflow/tensorflow/issues/117700).
  const whole = (x: TfEdge): TfEdge => k.g.broadcast(x, [...k.shape.slice(0, -2), ...x.shape.slice(-2)]);
  return k.typed('BatchMatMulV2', [whole(a), whole(b)], { adj_x: flag(transposeA), adj_y: flag(transposeB) });
}

export const matrices: TfLowerings = {
  BatchMatMul: multiplied,
  _FusedMatMul: (k) => {
    const bias = k.optional('bias');
    const product = multiplied(k);
    return activated(k, bias ? k.typed(bias.shape.length === 1 ? 'BiasAdd' : 'AddV2', [product, bias]) : product);
  },
  Einsum: (k) => k.typed('Einsum', k.inputs, { N: { int: k.inputs.length }, equation: { string: k.text('equation') } }),
  Transpose: (k) => k.g.transpose(k.in('x'), k.numbers('perm')),
  Diag: (k) => k.typed('Diag', [k.in('x')]),
};
