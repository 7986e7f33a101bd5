import * as tf from '@tensorflow/tfjs';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import '@tensorflow/tfjs-node-gpu/dist/register_all_kernels';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { broadcastBeforeMatMul } from '../broadcastMatMul';
import { loadBinding } from './binding';
import { useOwnGradients } from './gradients';
import { useOwnKernels } from './kernels';

const NAME = 'tensorflow';
export type { NodeJSKernelBackend };

/** TensorFlow as a backend of the host's one TensorFlow.js, from the binding at `file`. Once a process. @throws EngineUnavailableError */
export function registerTensorflow(file: string): { binding: TFJSBinding; usesGpu: boolean } {
  const binding = loadBinding(file);
  if (!tf.findBackendFactory(NAME)) {
    tf.registerBackend(NAME, () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'));
    useOwnKernels(NAME);
    broadcastBeforeMatMul(NAME);
    useOwnGradients();
  }
  return { binding, usesGpu: binding.isUsingGpuDevice() };
}

/** The backend, while it is the current one. */
export function tensorflowBackend(): NodeJSKernelBackend {
  const backend = tf.backend();
  if (!(backend instanceof NodeJSKernelBackend)) throw new Error('TensorFlow is not the current backend.');
  return backend;
}
