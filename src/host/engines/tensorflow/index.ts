export { registerTensorflow } from './backend';
export { makeTensorflowOptimizer } from './optimizers';
