import type { Edge } from '../builder';
import type { Kernel, Lowering, Lowerings } from '../kernel';
import { axesOf, range } from '../shapes';
import { edgeOf, fullEdge, heldSizes, reshapeTerm, term, type Term } from '../terms';
import type { Ops } from '../ops';
import { sizeOf } from '../../../sizeOf';

/** The axes a kernel reduces; Max names them differently from the others. None given: all. */
function reduced(k: Kernel): number[] {
  const { shape } = k.inputs[0] ?? k.refuse('its input is missing');
  const name = ['reductionIndices', 'axis'].find((one) => k.has(one));
  return name ? axesOf(k.numbers(name), shape.length) : range(shape.length);
}

/** The sum over `axes`, which become ones. Axes along which x is only broadcast are a factor. */
export function summed(g: Ops, x: Term, axes: readonly number[]): Term {
  const held = heldSizes(x);
  const repeats = sizeOf(axes.filter((axis) => held[axis] === 1).map((axis) => x.shape[axis] ?? 1));
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const edge = g.reduce('ReduceSum', g.withRank(x.edge, x.shape.length), axes);
  return term(g, edge, shape, x.factor * repeats);
}

type Reduction = Parameters<Ops['reduce']>[0];
const extreme = (operator: Reduction): Lowering => (k) => {
  const x = k.inputs[0] ?? k.refuse('its input is missing');
  const edge = k.g.reduce(operator, k.g.withRank(edgeOf(k.g, x), x.shape.length), reduced(k));
  return reshapeTerm(k.g, { edge, factor: 1, shape: x.shape.map((size, axis) => (reduced(k).includes(axis) ? 1 : size)) }, k.shape);
};
const logical = (operator: Reduction): Lowering => (k) => {
  const x = k.term('x');
  const edge = k.g.reduce(operator, k.g.cast(k.g.withRank(k.edge('x'), x.shape.length), 'int32'), reduced(k));
  return k.made(k.g.reshape(k.g.cast(edge, 'bool'), k.shape));
};
const position = (operator: string): Lowering => (k) => {
  const [axis = 0] = axesOf(k.numbers('axis'), k.term('x').shape.length);
  return k.made(k.g.cast(k.g.node(operator, [k.full('x')], 'int64', k.shape, { axis: { int: axis }, keepdims: { int: 0 } }), 'int32'));
};

/** Products of the first 1, 2, ... along an axis, for which ONNX has no operator. */
function cumulativeProduct(k: Kernel): Term {
  const [axis = 0] = axesOf([k.number('axis', 0)], k.shape.length);
  const count = k.shape[axis] ?? 1;
  if (count > 256) k.refuse('it multiplies more than 256 in a row');
  const parts = [...k.g.split(k.full('x'), axis, range(count).map(() => 1))];
  if (k.flag('reverse')) parts.reverse();
  let running: Edge = k.g.filled(1, parts[0]?.shape ?? []);
  const all: Edge[] = [];
  for (const part of parts) {
    if (k.flag('exclusive')) all.push(running);
    running = k.g.mul(running, part);
    if (!k.flag('exclusive')) all.push(running);
  }
  return k.made(k.g.concat(k.flag('reverse') ? all.reverse() : all, axis));
}

export const reductions: Lowerings = {
  Sum: (k) => reshapeTerm(k.g, summed(k.g, k.term('x'), reduced(k)), k.shape),
  Mean: (k) => {
    const given = k.term('x');
    const x = given.edge.type === 'float32' ? given : { ...given, edge: k.g.cast(given.edge, 'float32') };
    const total = summed(k.g, x, reduced(k));
    return reshapeTerm(k.g, { ...total, factor: total.factor / (sizeOf(x.shape) / sizeOf(total.shape)) }, k.shape);
  },
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  Prod: (k) => k.made(k.g.reshape(k.g.reduce('ReduceProd', k.full('x'), reduced(k)), k.shape)),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: position('ArgMax'),
  ArgMin: position('ArgMin'),
  Cumprod: cumulativeProduct,
  Cumsum: (k) => {
    const x = k.term('x');
    const [axis = 0] = axesOf([k.number('axis', 0)], k.shape.length);
    const flag = (name: string) => ({ int: k.flag(name) ? 1 : 0 });
    return k.made(k.g.node('CumSum', [fullEdge(k.g, x), k.g.vector([axis], 'int64', [])], k.type, k.shape, { exclusive: flag('exclusive'), reverse: flag('reverse') }));
  },
};
