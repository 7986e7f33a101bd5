import type { Lowering, Lowerings } from '../kernel';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { comparisons } from './comparisons';
import { matMul } from './matMul';
import { reductions } from './reductions';
import { shapeKernels } from './shapes';
import { unary } from './unary';

/** A lowering for each kernel, by TensorFlow.js's name. One entry here and its cases in the operator matrix make a kernel known. */
const lowerings: Lowerings = { ...activations, ...arithmetic, ...comparisons, ...matMul, ...reductions, ...shapeKernels, ...unary };

export const loweringOf = (kernel: string): Lowering | undefined => (Object.hasOwn(lowerings, kernel) ? lowerings[kernel] : undefined);
/** The kernels that can be compiled. */
export const loweredKernels = (): string[] => Object.keys(lowerings).sort();
