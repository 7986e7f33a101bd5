import * as tf from '@tensorflow/tfjs';
import { numbersOf } from '../kernelAttributes';
import { savedAt, single } from './gradient';
import { sizeOf } from '../sizeOf';

/** One sum a repeated dimension. TensorFlow.js adds up as many slices as there are repetitions: 800 for one LayerNormalization. */
export const tile: tf.GradConfig = {
  kernelName: 'Tile', inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => {
    const { shape } = savedAt(saved, 0);
    return {
      x: () => {
        let gradient = single(dy);
        for (const [axis, repetitions] of numbersOf(attributes, 'reps').entries()) {
          if (repetitions === 1) continue;
          const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(gradient.shape.slice(axis + 1))];
          gradient = tf.sum(tf.reshape(gradient, [before, repetitions, (shape[axis] ?? 1) * after]), 1);
          gradient = tf.reshape(gradient, [...shape.slice(0, axis + 1), ...single(dy).shape.slice(axis + 1)]);
        }
        return tf.clone(gradient);
      },
    };
  },
};
