import * as tf from '@tensorflow/tfjs';

const flat = (kernelName: string, names: readonly string[]): tf.GradConfig => ({
  kernelName, inputsToSave: [...names],
  gradFunc: (_, saved) => Object.fromEntries(names.map((name, i) => [name, () => tf.zeros(saved[i]?.shape ?? [])])),
});

/** What steps from one value to another has gradient zero; TensorFlow.js throws for those it forgot. */
export const comparisons: readonly tf.GradConfig[] = [
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map((kernel) => flat(kernel, ['a', 'b'])),
  ...['All', 'Any', 'LogicalNot'].map((kernel) => flat(kernel, ['x'])),
];
