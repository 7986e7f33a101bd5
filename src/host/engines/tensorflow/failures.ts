import { errorText } from '../../../protocol/errorText';
import { EngineError, OutOfMemoryError } from '../engine';

/** TensorFlow's errors while it computes, in words a person can act on; undefined for those not known. */
export function explainTensorflow(error: unknown, batchSize: number): EngineError | undefined {
  const said = errorText(error);
  if (/OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate memory/i.test(said)) return new OutOfMemoryError(batchSize);
  if (/DNN library is not found|Could not create cudnn handle|CUDNN_STATUS_NOT_INITIALIZED|DNN library initialization failed/i.test(said)) return new EngineError('NVIDIA\'s cuDNN library could not be started: another program may hold the memory of the card. Close it, or train with another engine.');
  if (/CUDA_ERROR_(LAUNCH_FAILED|ILLEGAL_ADDRESS|ECC_UNCORRECTABLE|DEVICE_UNAVAILABLE)/.test(said)) return new EngineError(`The GPU failed (${/CUDA_ERROR_\w+/.exec(said)?.[0] ?? ''}). Train again; if it fails again, restart the machine or train with another engine.`);
  return undefined;
}
