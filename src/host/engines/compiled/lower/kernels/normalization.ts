import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { range } from '../shapes';
import { sizeOf } from '../../../sizeOf';

/** (bias + alpha * the sum of squares of the neighbouring channels), and that sum over neighbours for any tensor. */
function neighbourhood(k: Kernel, x: Edge): { norm: Edge; near: (y: Edge) => Edge } {
  const { g } = k;
  const channels = x.shape.at(-1) ?? 1;
  const radius = k.number('depthRadius');
  const band = g.vector(range(channels).flatMap((i) => range(channels).map((j) => (Math.abs(i - j) <= radius ? 1 : 0))), 'float32', [channels, channels]);
  const near = (y: Edge): Edge => g.reshape(g.gemm(g.reshape(y, [sizeOf(y.shape) / channels, channels]), band), y.shape);
  return { norm: g.add(g.mul(near(g.mul(x, x)), g.scalar(k.number('alpha'))), g.scalar(k.number('bias'))), near };
}

export const normalization: Lowerings = {
  /** As one factor and one summand a channel: two passes over x. */
  FusedBatchNorm: (k) => {
    const { g } = k;
    const deviation = g.unary('Sqrt', g.add(k.edge('variance'), g.scalar(k.number('varianceEpsilon', 0.001))));
    const gain = k.optional('scale') ? g.div(k.edge('scale'), deviation) : g.unary('Reciprocal', deviation);
    const shift = g.mul(k.edge('mean'), gain);
    const summand = k.optional('offset') ? g.sub(k.edge('offset'), shift) : g.unary('Neg', shift);
    return k.made(g.add(g.mul(k.edge('x'), gain), summand));
  },
  LRN: (k) => {
    const { norm } = neighbourhood(k, k.full('x'));
    return k.made(k.g.mul(k.full('x'), k.g.elementwise('Pow', [norm, k.g.scalar(-k.number('beta'))])));
  },
  LRNGrad: (k) => {
    const { g } = k;
    const [x, y, dy] = [k.full('x'), k.full('y'), k.full('dy')];
    const { norm, near } = neighbourhood(k, x);
    const direct = g.mul(dy, g.elementwise('Pow', [norm, g.scalar(-k.number('beta'))]));
    const through = g.mul(x, near(g.div(g.mul(dy, y), norm)));
    return k.made(g.sub(direct, g.mul(through, g.scalar(2 * k.number('alpha') * k.number('beta')))));
  },
};
