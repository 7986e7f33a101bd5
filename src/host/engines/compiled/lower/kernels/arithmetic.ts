import type { Lowering, Lowerings } from '../kernel';
import type { Ops } from '../ops';
import { broadcast, sameShape } from '../shapes';
import { edgeOf, term, uniform, uniformValue, type Term } from '../terms';

/** a + b. Equal factors are carried on, a minus becomes a subtraction, and adding nought costs nothing. */
export function sum(g: Ops, a: Term, b: Term): Term {
  const shape = broadcast(a.shape, b.shape);
  const [x, y] = [uniformValue(g, a), uniformValue(g, b)];
  if (x !== undefined && y !== undefined && a.edge.type !== 'bool') return uniform(g, x + y, shape, a.edge.type === 'int32' ? 'int32' : 'float32');
  if (x === 0) return { ...b, shape };
  if (y === 0) return { ...a, shape };
  if (a.factor === b.factor && x === undefined && y === undefined) return term(g, g.add(a.edge, b.edge), shape, a.factor);
  if (a.factor === -b.factor && x === undefined && y === undefined) return a.factor > 0 ? term(g, g.sub(a.edge, b.edge), shape, a.factor) : term(g, g.sub(b.edge, a.edge), shape, b.factor);
  if (b.factor === -1) return term(g, g.sub(edgeOf(g, a), b.edge), shape);
  if (a.factor === -1) return term(g, g.sub(edgeOf(g, b), a.edge), shape);
  return term(g, g.add(edgeOf(g, a), edgeOf(g, b)), shape);
}
export const negated = (g: Ops, x: Term): Term => (x.edge.type === 'float32' ? { ...x, factor: -x.factor } : { ...x, edge: g.unary('Neg', x.edge) });

/** a times b; numbers become factors. */
export function product(g: Ops, a: Term, b: Term): Term {
  const shape = broadcast(a.shape, b.shape);
  const [x, y] = [uniformValue(g, a), uniformValue(g, b)];
  if (a.edge.type === 'float32') {
    if (x !== undefined) return term(g, b.edge, shape, x * b.factor);
    if (y !== undefined) return term(g, a.edge, shape, y * a.factor);
  }
  return term(g, g.mul(a.edge, b.edge), shape, a.factor * b.factor);
}

export function quotient(g: Ops, a: Term, b: Term): Term {
  const shape = broadcast(a.shape, b.shape);
  const divisor = uniformValue(g, b);
  if (divisor !== undefined && divisor !== 0) return term(g, a.edge, shape, a.factor / divisor);
  if (uniformValue(g, a) !== undefined) return term(g, g.unary('Reciprocal', b.edge), shape, (uniformValue(g, a) ?? 1) / b.factor);
  return term(g, g.div(a.edge, b.edge), shape, a.factor / b.factor);
}

/** An ONNX operator that takes a and b as they are. */
const plain = (operator: string, attributes: Record<string, { int: number }> = {}): Lowering => (k) => k.made(k.g.elementwise(operator, [k.edge('a'), k.edge('b')], { attributes }));

export const arithmetic: Lowerings = {
  Add: (k) => (k.type === 'bool' ? k.refuse('it adds booleans') : sum(k.g, k.term('a'), k.term('b'))),
  Sub: (k) => sum(k.g, k.term('a'), negated(k.g, k.term('b'))),
  Multiply: (k) => product(k.g, k.term('a'), k.term('b')),
  RealDiv: (k) => (k.term('a').edge.type === 'float32' ? quotient(k.g, k.term('a'), k.term('b')) : k.made(k.g.div(k.g.cast(k.edge('a'), 'float32'), k.g.cast(k.edge('b'), 'float32')))),
  AddN: (k) => k.inputs.reduce((total, x) => sum(k.g, total, x)),
  /** The angle of the point (b, a), by quadrants. */
  Atan2: (k) => {
    const { g } = k;
    const [y, x, zero] = [k.edge('a'), k.edge('b'), g.scalar(0)];
    const half = g.where(g.compare('Less', y, zero), g.scalar(-Math.PI), g.scalar(Math.PI));
    const angle = g.unary('Atan', g.div(y, x)); // beside the y axis, where x is 0, it is right too: the quotient is infinite
    const turned = g.where(g.compare('Less', x, zero), g.add(angle, half), angle);
    return k.made(g.where(g.elementwise('And', [g.compare('Equal', x, zero), g.compare('Equal', y, zero)], { type: 'bool' }), zero, turned));
  },
  Maximum: plain('Max'),
  Minimum: plain('Min'),
  SquaredDifference: (k) => {
    const difference = sum(k.g, k.term('a'), negated(k.g, k.term('b')));
    return product(k.g, difference, difference);
  },
  Pow: (k) => {
    const exponent = uniformValue(k.g, k.term('b'));
    const base = k.term('a');
    if (exponent === 2 && sameShape(base.shape, k.shape)) return product(k.g, base, base);
    return k.made(k.g.elementwise('Pow', [k.edge('a'), k.edge('b')]));
  },
  /** Rounded down, also where a / b is negative. */
  FloorDiv: (k) => {
    const [a, b] = [k.g.cast(k.edge('a'), 'float32'), k.g.cast(k.edge('b'), 'float32')];
    return k.made(k.g.cast(k.g.unary('Floor', k.g.div(a, b)), k.type));
  },
  BitwiseAnd: plain('BitwiseAnd'),
  /** The remainder has the divisor's sign. */
  Mod: (k) => {
    const [a, b] = [k.edge('a'), k.edge('b')];
    if (k.type === 'int32') return k.made(k.g.elementwise('Mod', [a, b]));
    const rest = k.g.elementwise('Mod', [a, b], { attributes: { fmod: { int: 1 } } });
    return k.made(k.g.elementwise('Mod', [k.g.add(rest, b), b], { attributes: { fmod: { int: 1 } } }));
  },
};
