import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { heldSizes, term, type Term } from '../terms';
import { activated } from './activations';
import { sizeOf } from '../../../sizeOf';

/** The factors' last two axes must be held in full; those in front broadcast. */
function matrices(k: Kernel, x: Term): Edge {
  const rank = x.shape.length;
  return k.g.expand(k.g.withRank(x.edge, rank), heldSizes(x).map((size, axis) => (axis < rank - 2 ? size : x.shape[axis] ?? 1)));
}

/** The product as one Gemm wherever one of the factors is a single matrix; scalar factors are carried on. */
function multiplied(k: Kernel): Term {
  const { g } = k;
  const [a, b] = [k.term('a'), k.term('b')];
  const [transposeA, transposeB] = [k.flag('transposeA'), k.flag('transposeB')];
  const [left, right] = [matrices(k, a), matrices(k, b)];
  const matrix = (edge: Edge): Edge => g.reshape(edge, edge.shape.slice(-2));
  const count = (edge: Edge): number => sizeOf(edge.shape.slice(0, -2));
  if (count(left) === 1 && count(right) === 1) return multipliedBy(g.gemm(matrix(left), matrix(right), transposeA, transposeB));
  if (count(right) === 1 && !transposeA) return multipliedBy(g.gemm(g.reshape(left, [sizeOf(left.shape.slice(0, -1)), left.shape.at(-1) ?? 1]), matrix(right), false, transposeB));
  return term(g, g.matMul(left, right, transposeA, transposeB), k.shape, a.factor * b.factor);

  function multipliedBy(edge: Edge): Term {
    const held = [...Array.from({ length: k.shape.length - left.shape.length }, () => 1), ...left.shape.slice(0, -2), ...k.shape.slice(-2)];
    return term(g, g.reshape(edge, count(right) === 1 && count(left) > 1 ? held : [...k.shape.slice(0, -2).map(() => 1), ...k.shape.slice(-2)]), k.shape, a.factor * b.factor);
  }
}

export const matMul: Lowerings = {
  BatchMatMul: multiplied,
  _FusedMatMul: (k) => {
    const { edge, factor } = multiplied(k);
    const scaled = k.g.scale(edge, factor);
    const biased = k.optional('bias') ? k.g.add(scaled, k.edge('bias')) : scaled;
    return k.made(activated(k, biased, k.text('activation', 'linear')));
  },
};
