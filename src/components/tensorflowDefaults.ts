/** What TensorFlow reads from the environment when it is loaded, where the person has not said otherwise. `logLevel`: 0 everything, 1 warnings and errors. */
export function setTensorflowDefaults(logLevel: 0 | 1): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= String(logLevel);
  process.env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID'; // as nvidia-smi lists them: the card that is named is the one that computes
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'; // else it takes the whole card
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'; // else products and convolutions of newer cards keep 10 bits of 23, and their gradients differ from every other engine's
}
