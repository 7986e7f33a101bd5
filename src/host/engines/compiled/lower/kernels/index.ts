import type { Lowerings } from '../kernel';
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

/** What each kernel becomes in an ONNX graph, by TensorFlow.js's name. */
export const onnxKernels: Lowerings = {
  ...activations, ...arithmetic, ...comparisons, ...convolution, ...depthwise, ...gathering, ...matMul, ...normalization, ...pooling, ...reductions, ...resize, ...shapeKernels, ...unary,
};
