import type { Kernel, Lowering, Lowerings } from '../kernel';
import type { Term } from '../terms';
import { edgeOf, term, uniformValue } from '../terms';
import { positiveMask } from './activations';

const compared = (operator: Parameters<Kernel['g']['compare']>[0]): Lowering => (k) => k.made(k.g.compare(operator, k.edge('a'), k.edge('b')));
const logical = (operator: 'And' | 'Or'): Lowering => (k) => k.made(k.g.elementwise(operator, [k.edge('a'), k.edge('b')]));

/** The gradient of a leaky ReLU: t and e are multiples of one tensor, chosen by the sign of another, so that they are it times a slope. */
function leaky(k: Kernel, t: Term, e: Term): Term | undefined {
  const given = k.term('condition').edge;
  const condition = k.g.producer(k.g.madeBy('Reshape', given) ?? given);
  const [x, threshold] = condition?.from ?? [];
  if (condition?.operator !== 'Greater' || !x || !threshold || x.type !== 'float32' || k.g.dataOf(threshold)?.length !== 1 || Number(k.g.dataOf(threshold)?.[0]) !== 0) return undefined;
  if (t.edge !== e.edge || t.factor === 0 || e.factor === 0) return undefined;
  const slope = e.factor / t.factor;
  const mask = positiveMask(k.g, x);
  const slopes = slope > 0 && slope < 1 ? k.g.elementwise('Max', [mask, k.g.scalar(slope)]) : k.g.add(k.g.mul(mask, k.g.scalar(1 - slope)), k.g.scalar(slope));
  return k.made(k.g.mul(t.edge, k.g.reshape(slopes, given.shape)), t.factor);
}

export const comparisons: Lowerings = {
  Equal: compared('Equal'),
  NotEqual: (k) => k.made(k.g.elementwise('Not', [k.g.compare('Equal', k.edge('a'), k.edge('b'))], { type: 'bool' })),
  Greater: compared('Greater'),
  GreaterEqual: compared('GreaterOrEqual'),
  Less: compared('Less'),
  LessEqual: compared('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: (k) => k.made(k.g.elementwise('Not', [k.edge('x')], { type: 'bool' })),
  /** It stays a choice and becomes no product: what is not chosen may be infinite. */
  Select: (k) => {
    const [t, e] = [k.term('t'), k.term('e')];
    const chosen = leaky(k, t, e);
    if (chosen) return chosen;
    if (k.term('condition').shape.length !== k.shape.length) k.refuse('its condition has fewer axes than what it chooses from');
    const condition = k.edge('condition');
    const zero = (x: Term): boolean => uniformValue(k.g, x) === 0;
    const factor = zero(t) ? e.factor : zero(e) || t.factor === e.factor ? t.factor : undefined;
    if (factor === undefined || factor === 0) return k.made(k.g.where(condition, edgeOf(k.g, t), edgeOf(k.g, e)));
    const bare = (x: Term) => (zero(x) ? k.g.scalar(0, x.edge.type) : x.edge);
    return term(k.g, k.g.where(condition, bare(t), bare(e)), k.shape, factor);
  },
};
