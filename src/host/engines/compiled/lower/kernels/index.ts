import type { Lowering, Lowerings } from '../kernel';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { comparisons } from './comparisons';
import { convolution } from './convolution';
import { depthwise } from './depthwise';
import { gathering } from './gathering';
import { matMul } from './matMul';
import { normalization } from './normalization';
import { pooling } from './pooling';
import { reductions } from './reductions';
import { resize } from './resize';
import { shapeKernels } from './shapes';
import { unary } from './unary';

/** A lowering for each kernel, by TensorFlow.js's name. One entry here and its cases in the operator matrix make a kernel known. */
const lowerings: Lowerings = {
  ...activations, ...arithmetic, ...comparisons, ...convolution, ...depthwise, ...gathering, ...matMul, ...normalization, ...pooling, ...reductions, ...resize, ...shapeKernels, ...unary,
};

export const loweringOf = (kernel: string): Lowering | undefined => (Object.hasOwn(lowerings, kernel) ? lowerings[kernel] : undefined);
/** The kernels that can be compiled. */
export const loweredKernels = (): string[] => Object.keys(lowerings).sort();
