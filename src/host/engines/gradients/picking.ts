import * as tf from '@tensorflow/tfjs';
import { numberOf } from '../kernelAttributes';
import { savedAt, single } from './gradient';
import { sizeOf } from '../sizeOf';

/** For an operation that only moves elements about: applied to the elements' numbers it says where each came from, and the gradient goes back there. */
const moved = (kernelName: string): tf.GradConfig => ({
  kernelName, inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => ({
    x: () => {
      const { shape } = savedAt(saved, 0);
      const size = sizeOf(shape);
      const from: tf.Tensor = tf.engine().runKernel(kernelName, { x: tf.reshape(tf.range(0, size, 1, 'int32'), shape) }, attributes);
      return tf.reshape(tf.unsortedSegmentSum(tf.reshape(single(dy), [-1]), tf.reshape(from, [-1]).toInt() as tf.Tensor1D, size), shape);
    },
  }),
});

const gatherNd: tf.GradConfig = {
  kernelName: 'GatherNd', inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [params, indices] = [savedAt(saved, 0), savedAt(saved, 1)];
    return { params: () => tf.scatterND(indices, single(dy), params.shape), indices: () => tf.zeros(indices.shape) };
  },
};

const scatterNd: tf.GradConfig = {
  kernelName: 'ScatterNd', inputsToSave: ['indices'],
  gradFunc: (dy, saved) => {
    const indices = savedAt(saved, 0);
    return { updates: () => tf.gatherND(single(dy), indices), indices: () => tf.zeros(indices.shape) };
  },
};

const diag: tf.GradConfig = {
  kernelName: 'Diag', inputsToSave: ['x'],
  gradFunc: (dy, saved) => {
    const { shape, size } = savedAt(saved, 0);
    return { x: () => tf.reshape(tf.sum(tf.mul(tf.reshape(single(dy), [size, size]), tf.eye(size)), 1), shape) };
  },
};

const topK: tf.GradConfig = {
  kernelName: 'TopK', inputsToSave: ['x'], outputsToSave: [false, true],
  gradFunc: (dy, saved) => {
    const [x, indices] = [savedAt(saved, 0), savedAt(saved, 1)];
    return { x: () => tf.sum(tf.mul(tf.expandDims(single(dy), -1), tf.oneHot(indices, x.shape.at(-1) ?? 1)), -2) };
  },
};

/** TensorFlow.js's own gives the indices themselves as their gradient, which throws where they were computed, as by argMin. */
function gather(): tf.GradConfig[] {
  const own = tf.getGradient('GatherV2');
  return own ? [{ ...own, gradFunc: (dy, saved, attributes) => ({ ...own.gradFunc(dy, saved, attributes), indices: () => tf.zeros(savedAt(saved, 1).shape) }) }] : [];
}

const depthToSpace: tf.GradConfig = {
  kernelName: 'DepthToSpace', inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => ({
    x: () => {
      const { shape: [batch = 1, height = 1, width = 1, depth = 1] } = savedAt(saved, 0);
      const size = numberOf(attributes, 'blockSize');
      const blocks = tf.reshape(single(dy), [batch, height, size, width, size, depth / (size * size)]);
      return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [batch, height, width, depth]);
    },
  }),
};

/** MirrorPad: TensorFlow.js's own leaves out the mirrored elements. The others have none there. */
export const picking = (): readonly tf.GradConfig[] => [moved('StridedSlice'), moved('MirrorPad'), gatherNd, scatterNd, diag, topK, ...gather(), depthToSpace];
