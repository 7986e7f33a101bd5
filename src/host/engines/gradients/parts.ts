import * as tf from '@tensorflow/tfjs';
import { numberOf } from '../kernelAttributes';

const parts = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(dy) ? dy : [dy]);

/** TensorFlow.js hands the gradient of one part over without a list, and its own gradients then throw. */
export const partsOfOne: readonly tf.GradConfig[] = [
  { kernelName: 'SplitV', gradFunc: (dy, _, attributes) => ({ x: () => tf.concat(parts(dy), numberOf(attributes, 'axis')) }) },
  { kernelName: 'Unpack', gradFunc: (dy, _, attributes) => ({ value: () => tf.stack(parts(dy), numberOf(attributes, 'axis')) }) },
];
