export { lower, type Lowered, type LoweringOptions } from './lower';
export { loweredKernels } from './kernels/index';
