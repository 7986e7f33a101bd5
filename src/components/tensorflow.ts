/** TensorFlow's native library, a component installed on demand: what the editor, the terminal and the host use of it. */
export { componentsFolder } from './componentsFolder';
export { planSetUp, type SetUpPlan } from './planSetUp';
export { removeTensorflow } from './removeTensorflow';
export { SetUpError } from './setUpError';
export { setUpTensorflow, type SetUpOptions, type SetUpResult } from './setUpTensorflow';
export { inspectTensorflow, sources, variants, type ComponentState, type Source, type Variant } from './tensorflowState';
