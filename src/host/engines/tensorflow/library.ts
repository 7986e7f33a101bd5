/** All that needs the JavaScript of @tensorflow/tfjs-node, loaded together when it is needed. */
export { makeOptimizer } from './adam';
export { registerTensorflow } from './backend';
export { GraphProgram } from './graph/program';
export { squaredNorm } from './operations';
