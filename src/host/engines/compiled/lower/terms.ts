import type { DType } from '../graph';
import type { Edge } from './builder';
import type { Ops } from './ops';
import { matchedAxes, padded, type Shape } from './shapes';
import { sizeOf } from '../../sizeOf';

/**
 * What a traced value became: `factor` times `edge`, broadcast to `shape`. Neither the product nor the broadcast is computed until an operator needs it.
 * Factors other than 1 are for float32 alone.
 */
export interface Term { readonly edge: Edge; readonly factor: number; readonly shape: Shape }

/** Factors beyond these could overflow on their way to where they are multiplied in. */
const LIMIT = 1e15;
const carriable = (factor: number): boolean => factor === 0 || (Math.abs(factor) < LIMIT && Math.abs(factor) > 1 / LIMIT);

/** `factor` times `edge`; a factor of 0 makes it nought, so that nothing upstream is computed. */
export function term(g: Ops, edge: Edge, shape: Shape, factor = 1): Term {
  if (edge.type !== 'float32' || !carriable(factor)) return { edge: g.scale(edge, factor), factor: 1, shape };
  return { edge: factor === 0 ? g.scalar(1) : edge, factor, shape };
}

/** The same number everywhere. */
export function uniform(g: Ops, value: number, shape: Shape, type: DType): Term {
  return type === 'float32' && carriable(value) ? { edge: g.scalar(1), factor: value, shape } : { edge: g.scalar(value, type), factor: 1, shape };
}

/** The number that stands everywhere in `x`, if one does. */
export function uniformValue(g: Ops, x: Term): number | undefined {
  const data = g.dataOf(x.edge);
  return data?.length === 1 ? Number(data[0]) * x.factor : undefined;
}

/** With its factor multiplied in; its shape still broadcasts to the term's. */
export const edgeOf = (g: Ops, x: Term): Edge => g.scale(x.edge, x.factor);
/** With its factor multiplied in and the term's own shape. */
export const fullEdge = (g: Ops, x: Term): Edge => g.expand(edgeOf(g, x), x.shape);
/** With the term's own shape, without the factor. */
export const wideEdge = (g: Ops, x: Term): Edge => g.expand(x.edge, x.shape);
/** The edge's sizes, ones in front, as many as the term has axes. */
export const heldSizes = (x: Term): number[] => padded(x.edge.shape, x.shape.length);

/** `x` with the same elements in another shape; what is broadcast stays so along axes that the reshape leaves alone. */
export function reshapeTerm(g: Ops, x: Term, shape: Shape): Term {
  if (sizeOf(x.edge.shape) === 1) return { edge: g.reshape(x.edge, []), factor: x.factor, shape };
  const held = heldSizes(x);
  const expanded = [...held];
  const target = [...shape];
  for (const group of matchedAxes(x.shape, shape)) {
    if (group.from.every((axis) => held[axis] === 1)) group.to.forEach((axis) => { target[axis] = 1; });
    else group.from.forEach((axis) => { expanded[axis] = x.shape[axis] ?? 1; });
  }
  return { edge: g.reshape(g.expand(g.withRank(x.edge, x.shape.length), expanded), target), factor: x.factor, shape };
}
