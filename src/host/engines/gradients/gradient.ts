import * as tf from '@tensorflow/tfjs';
import { malformed } from '../kernelAttributes';

/** A tensor that the gradient saved; the configuration's `inputsToSave` and `outputsToSave` say which. */
export function savedAt(saved: readonly tf.Tensor[], index: number): tf.Tensor {
  const tensor = saved[index];
  if (!tensor) throw malformed(`the gradient saved no tensor ${index}`);
  return tensor;
}
/** The gradient of an operation with one result. */
export const single = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(dy) ? savedAt(dy, 0) : dy);

/** Sums a gradient over the dimensions along which a factor of that shape was repeated. */
export function sumTo(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, [...shape]);
}
