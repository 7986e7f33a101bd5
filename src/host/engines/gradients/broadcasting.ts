import * as tf from '@tensorflow/tfjs';
import { savedAt, single, sumTo } from './gradient';

type Factor = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const of = (kernelName: string, toA: Factor, toB: Factor): tf.GradConfig => ({
  kernelName, inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = [savedAt(saved, 0), savedAt(saved, 1)];
    return { a: () => sumTo(tf.mul(single(dy), toA(a, b)), a.shape), b: () => sumTo(tf.mul(single(dy), toB(a, b)), b.shape) };
  },
});
const float = (mask: tf.Tensor): tf.Tensor => tf.cast(mask, 'float32');

/** TensorFlow.js has these without the sum where one side was broadcast, and throws. Where both are equal, `a` has the gradient, as there. */
export const broadcasting: readonly tf.GradConfig[] = [
  of('Maximum', (a, b) => float(tf.greaterEqual(a, b)), (a, b) => float(tf.less(a, b))),
  of('Minimum', (a, b) => float(tf.lessEqual(a, b)), (a, b) => float(tf.greater(a, b))),
  of('SquaredDifference', (a, b) => tf.mul(2, tf.sub(a, b)), (a, b) => tf.mul(2, tf.sub(b, a))),
];
