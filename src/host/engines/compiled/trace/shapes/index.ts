import { convolutions } from './convolution';
import { elementwise } from './elementwise';
import { images } from './image';
import { indexing } from './indexing';
import { matrices } from './matrix';
import { normalizations } from './normalization';
import { pooling } from './pooling';
import { rearrangements } from './rearrangement';
import { reductions } from './reduction';
import type { ShapeRule } from './rule';

export type { Spec } from './rule';

/** One entry a TensorFlow.js kernel; what is not here is refused, unless all its inputs are known. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map(Object.entries({
  ...elementwise, ...reductions, ...matrices, ...convolutions, ...pooling, ...normalizations, ...images, ...rearrangements, ...indexing,
}));
