import * as tf from '@tensorflow/tfjs';

/**
 * Runs work that gives numbers, and frees its tensors. `tf.tidy` itself looks for tensors in what it returns, value by value: a second for the
 * gradients of a small model.
 */
export function freeingTensors<T>(work: () => T): T {
  const results: T[] = [];
  tf.tidy(() => { results.push(work()); });
  return results[0] as T;
}
