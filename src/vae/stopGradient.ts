import * as tf from '@tensorflow/tfjs';

/**
 * The value of `f`, as if it did not depend on anything: gradients stop here. For straight-through estimators, such as a quantized code
 * `tf.add(z, stopGradient(() => tf.sub(nearest, z)))`, and for indices such as `stopGradient(() => tf.argMin(distances, 1))`.
 * A tensor works too: `stopGradient(z)`.
 */
export function stopGradient<T extends tf.Tensor>(f: T | (() => T)): T {
  return tf.customGrad(() => ({ value: tf.tidy(() => (typeof f === 'function' ? f() : tf.clone(f))), gradFunc: () => [] }))() as T;
}
