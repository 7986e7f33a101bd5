import * as tf from '@tensorflow/tfjs';
import { averagePoolings } from './averagePooling';
import { batchNorm, withDefaults } from './batchNorm';
import { broadcasting } from './broadcasting';
import { comparisons } from './comparison';
import { cumulative } from './cumulative';
import { dilation } from './dilation';
import { einsum } from './einsum';
import { matMul } from './matMul';
import { partsOfOne } from './parts';
import { picking } from './picking';
import { resizing } from './resize';
import { tile } from './tile';
import { transposedConvolution3d } from './volume';

let registered = false;

/** Puts gradients in place of TensorFlow.js's own that are missing, wrong or slow, for every backend; once a process. */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  for (const gradient of [batchNorm, tile, matMul, einsum, transposedConvolution3d, ...broadcasting, ...comparisons, ...cumulative, ...partsOfOne, ...picking(), ...dilation(), ...averagePoolings(), ...resizing]) tf.registerGradient(gradient);
  for (const backendName of ['cpu', 'wasm']) {
    const kernel = tf.getKernel(batchNorm.kernelName, backendName);
    if (!kernel) continue;
    tf.unregisterKernel(batchNorm.kernelName, backendName);
    tf.registerKernel({ ...kernel, kernelFunc: withDefaults(kernel.kernelFunc) });
  }
}
