import * as tf from '@tensorflow/tfjs';

/** TensorFlow.js keeps what a gradient saved when that gradient throws. */
export function freeTape(): void {
  const { state } = tf.engine();
  for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = [];
}
