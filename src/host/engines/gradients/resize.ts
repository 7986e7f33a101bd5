import * as tf from '@tensorflow/tfjs';
import { flagOf, numbersOf } from '../kernelAttributes';
import { savedAt, single } from './gradient';

interface Sampling { readonly bilinear: boolean; readonly alignCorners: boolean; readonly halfPixelCenters: boolean }

/** How much each of `from` pixels of a line weighs in each of `to`: [to, from], as TensorFlow.js's cpu kernels sample. */
function weights(from: number, to: number, { bilinear, alignCorners, halfPixelCenters }: Sampling): tf.Tensor2D {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const matrix = new Float32Array(to * from);
  const put = (row: number, column: number, weight: number): void => {
    const at = row * from + Math.min(from - 1, Math.max(0, column));
    matrix[at] = (matrix[at] ?? 0) + weight;
  };
  for (let i = 0; i < to; i++) {
    const centre = halfPixelCenters ? scale * (i + 0.5) : scale * i;
    if (!bilinear) {
      put(i, alignCorners ? Math.round(centre) : Math.floor(centre), 1);
      continue;
    }
    const source = Math.max(0, halfPixelCenters ? centre - 0.5 : centre);
    const left = Math.floor(source);
    put(i, left, 1 - (source - left));
    put(i, Math.ceil(source), source - left);
  }
  return tf.tensor2d(matrix, [to, from]);
}

/**
 * Resizing is linear along each side, so its gradient is two products with the transposed weights. TensorFlow.js's own kernels are wrong for
 * a batch of nearest neighbours, and for half-pixel centres.
 */
const resize = (kernelName: string, bilinear: boolean): tf.GradConfig => ({
  kernelName, inputsToSave: ['images'],
  gradFunc: (dy, saved, attributes) => ({
    images: () => {
      const { shape: [batch = 1, height = 1, width = 1, channels = 1] } = savedAt(saved, 0);
      const [toHeight = 1, toWidth = 1] = numbersOf(attributes, 'size');
      const sampling = { bilinear, alignCorners: flagOf(attributes, 'alignCorners'), halfPixelCenters: flagOf(attributes, 'halfPixelCenters') };
      const whole = !bilinear && !sampling.alignCorners && toHeight % height === 0 && toWidth % width === 0;
      if (whole) { // each pixel was repeated: sum its block
        const [down, across] = [toHeight / height, toWidth / width];
        const rows = tf.sum(tf.reshape(single(dy), [batch * height, down, toWidth * channels]), 1);
        return tf.reshape(tf.sum(tf.reshape(rows, [batch * height * width, across, channels]), 1), [batch, height, width, channels]);
      }
      const rows = tf.matMul(weights(height, toHeight, sampling), tf.reshape(single(dy), [batch, toHeight, toWidth * channels]), true);
      const columns = tf.matMul(weights(width, toWidth, sampling), tf.reshape(rows, [batch * height, toWidth, channels]), true);
      return tf.reshape(columns, [batch, height, width, channels]);
    },
  }),
});

export const resizing: readonly tf.GradConfig[] = [resize('ResizeBilinear', true), resize('ResizeNearestNeighbor', false)];
