import * as tf from '@tensorflow/tfjs';
import { numberOrNumbersOf, pairsOf, type Attributes } from '../kernelAttributes';
import { savedAt, single } from './gradient';

const along = (attributes: Attributes, name: string, axis: number): number => {
  const value = numberOrNumbersOf(attributes, name);
  return typeof value === 'number' ? value : value[axis] ?? value[0] ?? 1;
};
/** How much padding comes before the first pixel of a side. */
function paddingBefore({ pad }: Attributes, axis: number, size: number, window: number, stride: number, windows: number): number {
  if (pad === 'same') return Math.floor(Math.max(0, (windows - 1) * stride + window - size) / 2);
  return typeof pad === 'number' ? pad : Array.isArray(pad) ? pairsOf({ pad }, 'pad')[axis + 1]?.[0] ?? 0 : 0;
}

/** The mean is over the pixels that a window has in the picture; TensorFlow.js's own kernels of the gradient divide by the whole window at padded borders too, TensorFlow's do not. */
function averagePooling(kernelName: string): tf.GradConfig[] {
  const own = tf.getGradient(kernelName);
  if (!own) return [];
  return [{ ...own, gradFunc: (dy, saved, attributes) => {
    if (tf.getBackend() === 'tensorflow') return own.gradFunc(dy, saved, attributes);
    const g = single(dy);
    let weighted = g;
    for (const [axis, size] of savedAt(saved, 0).shape.slice(1, -1).entries()) {
      const [window, stride, windows] = [along(attributes, 'filterSize', axis), along(attributes, 'strides', axis), g.shape[axis + 1] ?? 1];
      const before = paddingBefore(attributes, axis, size, window, stride, windows);
      const pixels = Array.from({ length: windows }, (_, i) => Math.min(i * stride - before + window, size) - Math.max(i * stride - before, 0));
      if (pixels.every((count) => count === window)) continue;
      weighted = tf.mul(weighted, tf.tensor(pixels.map((count) => window / count), g.shape.map((d, i) => (i === axis + 1 ? d : 1))));
    }
    return own.gradFunc(weighted, saved, attributes);
  } }];
}
export const averagePoolings = (): readonly tf.GradConfig[] => [...averagePooling('AvgPool'), ...averagePooling('AvgPool3D')];
