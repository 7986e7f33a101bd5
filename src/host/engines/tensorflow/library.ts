/** All that needs the JavaScript of @tensorflow/tfjs-node, loaded together when it is needed. */
export { makeOptimizer } from './adam';
export { registerTensorflow } from './backend';
export { squaredNorm } from './operations';
