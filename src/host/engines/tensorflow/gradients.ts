import * as tf from '@tensorflow/tfjs';
import { reluGradient } from './operations';

/** Gradients that TensorFlow computes in one operation, where TensorFlow is the current backend; elsewhere TensorFlow.js's own. */
export function useOwnGradients(): void {
  const original = tf.getGradient('Relu');
  tf.unregisterGradient('Relu');
  tf.registerGradient({
    kernelName: 'Relu', outputsToSave: [true], inputsToSave: original.inputsToSave ?? [],
    gradFunc: (dy, saved, attributes) => (tf.getBackend() === 'tensorflow' ? { x: () => reluGradient(dy as tf.Tensor, saved.at(-1) as tf.Tensor) } : original.gradFunc(dy, saved, attributes)),
  });
}
