import * as tf from '@tensorflow/tfjs';
import { savedAt, single } from '../gradients/gradient';
import { axesOf, type Attributes } from '../kernelAttributes';
import { reluGradient } from './operations';

/** Of an operation that takes x and gives y. */
type OwnGradient = (dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, attributes: Attributes) => tf.Tensor;

/** How many values were averaged is known: one product, where TensorFlow.js repeats dy by a product and divides then. */
const meanGradient: OwnGradient = (dy, x, _, attributes) => {
  const axes = new Set(axesOf(attributes, 'axis', x.rank));
  const averaged = x.shape.reduce((product, size, i) => (axes.has(i) ? product * size : product), 1);
  const share = tf.tensor(new Float32Array(x.size).fill(1 / averaged), x.shape);
  return tf.mul(dy.rank === 0 ? dy : tf.reshape(dy, x.shape.map((size, i) => (axes.has(i) ? 1 : size))), share);
};

/** In fewer operations than TensorFlow.js's own; calling one costs as much as computing a thousand values. */
const gradients: Readonly<Record<string, OwnGradient>> = {
  Relu: (dy, _, y) => reluGradient(dy, y),
  /** What was not clipped came out as it went in, the bounds included. */
  ClipByValue: (dy, x, y) => tf.where(tf.equal(x, y), dy, tf.zerosLike(dy)),
  Mean: meanGradient,
};

/** Gradients of TensorFlow's own, where TensorFlow is the current backend; elsewhere TensorFlow.js's. */
export function useOwnGradients(): void {
  for (const [kernelName, own] of Object.entries(gradients)) {
    const original = tf.getGradient(kernelName);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName, inputsToSave: ['x'], outputsToSave: [true], // the first of what is saved is x still
      gradFunc: (dy, saved, attributes) => (tf.getBackend() === 'tensorflow' ? { x: () => own(single(dy), savedAt(saved, 0), savedAt(saved, 1), attributes) } : original.gradFunc(dy, saved, attributes)),
    });
  }
}
