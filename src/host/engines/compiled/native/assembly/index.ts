// AssemblyScript: compiled to WebAssembly by ../compile.mjs. Addresses are multiples of 16, and every buffer is allocated up to the next multiple
// of 16 bytes, so kernels work on whole vectors of four; only sums stop at the last element.
export { bytesToUnit } from './images';
export { adam, allFinite, flush, momentum, nesterov, rmsprop, scale, sgd, sumOfSquares } from './optimizers';
export { binarize, normals, uniforms } from './random';

/** Where free memory begins. */
export function heapBase(): usize { return (__heap_base + 15) & ~15; }
