import { all, need, type ShapeRules } from './rule';

export const normalizations: ShapeRules = {
  ...all((inputs) => ({ shape: need(inputs, 'x').shape, dtype: need(inputs, 'x').dtype }), ['FusedBatchNorm', 'LRN']),
  LRNGrad: (inputs) => ({ shape: need(inputs, 'x').shape, dtype: 'float32' }),
};
