import type { TfLowerings } from '../kernel';
import { convolution } from './convolution';
import { elementwise } from './elementwise';
import { gathering } from './gathering';
import { images } from './images';
import { matrices } from './matrices';
import { pooling } from './pooling';
import { reductions } from './reductions';
import { shapeKernels } from './shapes';

/** What each kernel becomes in a TensorFlow graph, by TensorFlow.js's name. */
export const tensorflowKernels: TfLowerings = { ...convolution, ...elementwise, ...gathering, ...images, ...matrices, ...pooling, ...reductions, ...shapeKernels };
