import * as tf from '@tensorflow/tfjs';
import { flagOf, labelsOf, list, malformed, need, numbersOf, type ShapeRule, type ShapeRules } from './rule';

const matMul: ShapeRule = (inputs, attributes) => {
  const [a, b] = [need(inputs, 'a'), need(inputs, 'b')];
  const rows = a.shape.at(flagOf(attributes, 'transposeA') ? -1 : -2) ?? 1;
  const columns = b.shape.at(flagOf(attributes, 'transposeB') ? -2 : -1) ?? 1;
  const [innerA, innerB] = [a.shape.at(flagOf(attributes, 'transposeA') ? -2 : -1), b.shape.at(flagOf(attributes, 'transposeB') ? -1 : -2)];
  if (innerA !== innerB) throw malformed(`matrices [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not multiply`);
  const batch = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { shape: [...batch, rows, columns], dtype: a.dtype };
};

export const matrices: ShapeRules = {
  BatchMatMul: matMul,
  _FusedMatMul: matMul,
  Transpose: (inputs, attributes) => {
    const x = need(inputs, 'x');
    return { shape: numbersOf(attributes, 'perm').map((axis) => x.shape[axis] ?? 1), dtype: x.dtype };
  },
  Einsum: (inputs, attributes) => {
    const { factors, result } = labelsOf(attributes['equation']);
    const given = list(inputs);
    const sizes = new Map(factors.flatMap((labels, i) => [...labels].map((label, axis) => [label, given[i]?.shape[axis] ?? 1] as const)));
    return { shape: [...result].map((label) => sizes.get(label) ?? 1), dtype: given[0]?.dtype ?? 'float32' };
  },
  Diag: (inputs) => {
    const x = need(inputs, 'x');
    return { shape: [...x.shape, ...x.shape], dtype: x.dtype };
  },
};
