import * as tf from '@tensorflow/tfjs';
import { numberOrNumbersOf } from '../kernelAttributes';
import { savedAt, single } from './gradient';

/** Of a transposed convolution in three dimensions, which is the gradient of one: linear in both, so its own gradients are convolutions. */
export const transposedConvolution3d: tf.GradConfig = {
  kernelName: 'Conv3DBackpropInputV2', inputsToSave: ['dy', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = [savedAt(saved, 0) as tf.Tensor5D, savedAt(saved, 1) as tf.Tensor5D];
    const g = single(dy) as tf.Tensor5D;
    const pad = attributes['pad'] === 'same' ? 'same' : 'valid'; // it knows no other
    const given = numberOrNumbersOf(attributes, 'strides');
    const strides: number | [number, number, number] = typeof given === 'number' ? given : [given[0] ?? 1, given[1] ?? 1, given[2] ?? 1];
    return {
      dy: () => tf.conv3d(g, filter, strides, pad),
      filter: () => tf.engine().runKernel('Conv3DBackpropFilterV2', { x: g, dy: x }, { strides, pad, filterShape: filter.shape }),
    };
  },
};
