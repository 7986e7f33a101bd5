import * as tf from '@tensorflow/tfjs';
import type { BackendName } from './backends';

/** Whether a backend's own product of batches of these shapes may not be asked for. */
const refused: Readonly<Record<BackendName, (a: readonly number[], b: readonly number[]) => boolean>> = {
  // TensorFlow.js's take the examples of the smaller one in turn, which is wrong where an axis of both is broadcast, or an inner one.
  cpu: (a, b) => tf.util.sizeFromShape([...a]) > 1 && tf.util.sizeFromShape([...b]) > 1,
  wasm: (a, b) => tf.util.sizeFromShape([...a]) > 1 && tf.util.sizeFromShape([...b]) > 1,
  // With an axis of 1, oneDNN in TensorFlow 2.21 writes where it may not: https://github.com/tensorflow/tensorflow/issues/117700
  tensorflow: () => true,
};

/** Has batches that differ in their axes broadcast before they are multiplied. */
export function broadcastBeforeMatMul(backendName: BackendName): void {
  const kernel = tf.getKernel('BatchMatMul', backendName);
  tf.unregisterKernel('BatchMatMul', backendName);
  tf.registerKernel({
    ...kernel, kernelFunc: (call) => {
      const [a, b] = [call.inputs['a'] as tf.Tensor, call.inputs['b'] as tf.Tensor];
      const [ofA, ofB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
      if (tf.util.arraysEqual(ofA, ofB) || !refused[backendName](ofA, ofB)) return kernel.kernelFunc(call);
      const batches = tf.broadcast_util.assertAndGetBroadcastShape(ofA, ofB);
      const whole = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [...batches, ...x.shape.slice(-2)]);
      return tf.tidy(() => kernel.kernelFunc({ ...call, inputs: { ...call.inputs, a: whole(a), b: whole(b) } }) as tf.Tensor);
    },
  });
}
