import type { TfEdge } from '../builder';
import { flag, int32, type TfKernel, type TfLowering, type TfLowerings } from '../kernel';

const reduce = (k: TfKernel, operation: string, x: TfEdge): TfEdge => k.g.node(operation, [x, k.g.vector(k.reduced())], x.type, k.shape, { T: { type: x.type }, Tidx: int32, keep_dims: flag(k.flag('keepDims')) });
/** In the kernel's own type: booleans are counted. */
const counted = (operation: string): TfLowering => (k) => reduce(k, operation, k.g.cast(k.x, k.type));
const logical = (operation: string): TfLowering => (k) => k.g.node(operation, [k.x, k.g.vector(k.reduced())], 'bool', k.shape, { Tidx: int32, keep_dims: flag(k.flag('keepDims')) });
const position = (operation: string): TfLowering => (k) =>
  k.g.node(operation, [k.x, k.g.scalar(k.reduced()[0] ?? 0, 'int32')], 'int32', k.shape, { T: { type: k.x.type }, Tidx: int32, output_type: int32 });
const running = (operation: string): TfLowering => (k) => {
  const x = k.g.cast(k.in('x'), k.type);
  return k.g.node(operation, [x, k.g.scalar(k.axis('axis', k.shape.length), 'int32')], k.type, k.shape, { T: { type: k.type }, Tidx: int32, exclusive: flag(k.flag('exclusive')), reverse: flag(k.flag('reverse')) });
};

export const reductions: TfLowerings = {
  Sum: counted('Sum'),
  Mean: counted('Mean'),
  Prod: counted('Prod'),
  Max: counted('Max'),
  Min: counted('Min'),
  All: logical('All'),
  Any: logical('Any'),
  ArgMax: position('ArgMax'),
  ArgMin: position('ArgMin'),
  Cumsum: running('Cumsum'),
  Cumprod: running('Cumprod'),
  TopK: (k) => {
    const results = k.call.outputs.map(({ shape, dtype: type }) => ({ type, shape }));
    return k.g.nodes('TopKV2', [k.x, k.g.scalar(k.number('k'), 'int32')], results, { T: { type: k.x.type }, sorted: flag(k.flag('sorted')) });
  },
};
