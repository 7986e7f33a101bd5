import * as tf from '@tensorflow/tfjs';
import { flagOf } from '../kernelAttributes';
import { savedAt, single, sumTo } from './gradient';

/** C = A B, each perhaps transposed; batches of one side may be broadcast, where TensorFlow.js's own throws. */
export const matMul: tf.GradConfig = {
  kernelName: 'BatchMatMul', inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attributes) => {
    const [a, b] = [savedAt(saved, 0), savedAt(saved, 1)];
    const [ta, tb] = [flagOf(attributes, 'transposeA'), flagOf(attributes, 'transposeB')];
    const g = single(dy);
    return {
      a: () => fitTo(ta ? tf.matMul(b, g, tb, true) : tf.matMul(g, b, false, !tb), a.shape),
      b: () => fitTo(tb ? tf.matMul(g, a, true, ta) : tf.matMul(a, g, !ta, false), b.shape),
    };
  },
};
const fitTo = (gradient: tf.Tensor, shape: readonly number[]): tf.Tensor => (tf.util.arraysEqual(gradient.shape, [...shape]) ? gradient : sumTo(gradient, shape));
