import os from 'node:os';

/** Two are most often the two threads of one core, which a product keeps busy by itself. */
const ONE_CORE = 2;

/** What TensorFlow reads from the environment when it is loaded, where the person has not said otherwise. `logLevel`: 0 everything, 1 warnings and errors. `processors`: those that this process may use. */
export function setTensorflowDefaults(logLevel: 0 | 1, processors = os.availableParallelism()): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= String(logLevel);
  process.env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID'; // as nvidia-smi lists them: the card that is named is the one that computes
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'; // else it takes the whole card
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'; // else products and convolutions of newer cards keep 10 bits of 23, and their gradients differ from every other engine's
  if (processors > ONE_CORE || process.env['TF_NUM_INTRAOP_THREADS'] !== undefined) return;
  process.env['TF_OVERRIDE_GLOBAL_THREADPOOL'] ??= 'true'; // else graphs would have no more threads than operations that are called one by one
  process.env['VAE_LAB_EAGER_THREADS'] ??= '1'; // waking another thread, operation by operation, takes longer than it saves
}
