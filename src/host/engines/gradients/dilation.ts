import * as tf from '@tensorflow/tfjs';
import { malformed, numberOrNumbersOf, type Attributes } from '../kernelAttributes';
import { savedAt } from './gradient';
import { sizeOf } from '../sizeOf';

const pair = (value: number | number[]): [number, number] => (typeof value === 'number' ? [value, value] : [value[0] ?? 1, value[1] ?? value[0] ?? 1]);
const dilationsOf = (attributes: Attributes): [number, number] => (attributes['dilations'] === null || attributes['dilations'] === undefined ? [1, 1] : pair(numberOrNumbersOf(attributes, 'dilations')));

/** A filter [height, width, in, out] with zeros between its taps. */
function spread(filter: tf.Tensor, [dy, dx]: readonly [number, number]): tf.Tensor {
  const [h = 1, w = 1, ...channels] = filter.shape;
  const apart = tf.pad(tf.reshape(filter, [h, 1, w, 1, sizeOf(channels)]), [[0, 0], [0, dy - 1], [0, 0], [0, dx - 1], [0, 0]]);
  return tf.slice(tf.reshape(apart, [h * dy, w * dx, ...channels]), [0, 0, 0, 0], [(h - 1) * dy + 1, (w - 1) * dx + 1, ...channels]);
}
/** The taps of a spread filter. */
function taps(filter: tf.Tensor, [dy, dx]: readonly [number, number], shape: readonly number[]): tf.Tensor {
  const [h = 1, w = 1, ...channels] = shape;
  const padded = tf.pad(filter, [[0, dy - 1], [0, dx - 1], [0, 0], [0, 0]]);
  const apart = tf.reshape(padded, [h, dy, w, dx, sizeOf(channels)]);
  return tf.reshape(tf.slice(apart, [0, 0, 0, 0, 0], [h, 1, w, 1, -1]), [...shape]);
}

/** A dilated convolution is an ordinary one with a spread filter, and so is its gradient, which TensorFlow.js lacks. */
function dilated(kernelName: string): tf.GradConfig[] {
  const own = tf.getGradient(kernelName);
  if (!own) return [];
  return [{ ...own, gradFunc: (dy, saved, attributes) => {
    const dilations = dilationsOf(attributes);
    if (dilations.every((d) => d === 1)) return own.gradFunc(dy, saved, attributes);
    const [x, filter] = [savedAt(saved, 0), savedAt(saved, 1)];
    const gradients = own.gradFunc(dy, [x, spread(filter, dilations)], { ...attributes, dilations: [1, 1] });
    const { x: ofX, filter: ofFilter } = gradients;
    if (!ofX || !ofFilter) throw malformed(`the gradient of ${kernelName} has no x and filter`);
    return { x: ofX, filter: () => taps(ofFilter(), dilations, filter.shape) };
  } }];
}
export const dilation = (): readonly tf.GradConfig[] => [...dilated('Conv2D'), ...dilated('DepthwiseConv2dNative')];
