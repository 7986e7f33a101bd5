import { errorText } from '../../../protocol/errorText';
import { EngineError, OutOfMemoryError } from '../engine';

/** Of NVIDIA's libraries, what is said where one could not be started: most often the memory of the card is taken, by a second run on it too. */
const libraries = [
  ['cuBLAS', /StreamExecutor without BLAS support|Blas x?GEMM\w* launch failed|CUBLAS_STATUS_(ALLOC_FAILED|NOT_INITIALIZED)/i],
  ['cuDNN', /DNN library is not found|Could not create cudnn handle|CUDNN_STATUS_(ALLOC_FAILED|NOT_INITIALIZED)|DNN library initialization failed|cuDNN failed to initialize/i],
] as const;

/** TensorFlow's errors while it computes, in words a person can act on; undefined for those not known. */
export function explainTensorflow(error: unknown, batchSize: number): EngineError | undefined {
  const said = errorText(error);
  if (/OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate memory/i.test(said)) return new OutOfMemoryError(batchSize);
  const library = libraries.find(([, failed]) => failed.test(said))?.[0];
  if (library) return new EngineError(`NVIDIA's ${library} library could not be started: another run or program may hold the memory of the card. End it, or train with another engine.`);
  const fault = /CUDA_ERROR_\w+|CUDNN_STATUS_\w+|CUBLAS_STATUS_\w+|No algorithm worked|no kernel image is available/i.exec(said)?.[0];
  if (fault !== undefined) return new EngineError(`The GPU failed (${fault}). Train again; if it fails again, restart the machine or train with another engine.`);
  return undefined;
}
