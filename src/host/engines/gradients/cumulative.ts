import * as tf from '@tensorflow/tfjs';
import { flagOf, fromStart, numberOf } from '../kernelAttributes';
import { savedAt, single } from './gradient';

/** The sum from the other end. TensorFlow.js's own transposes once too often unless the axis is the last. */
const cumsum: tf.GradConfig = {
  kernelName: 'Cumsum', inputsToSave: [],
  gradFunc: (dy, _, attributes) => ({ x: () => tf.cumsum(single(dy), numberOf(attributes, 'axis'), flagOf(attributes, 'exclusive'), !flagOf(attributes, 'reverse')) }),
};

/**
 * dx_i = (product of the x before i) * (sum over k of dy_k times the x between i and k), with no division, so that zeros do no harm.
 * As many steps as the axis is long.
 */
const cumprod: tf.GradConfig = {
  kernelName: 'Cumprod', inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => ({
    x: () => {
      const x = savedAt(saved, 0);
      const axis = fromStart(numberOf(attributes, 'axis'), x.rank);
      const [exclusive, reverse] = [flagOf(attributes, 'exclusive'), flagOf(attributes, 'reverse')];
      const before = tf.unstack(tf.cumprod(x, axis, true, reverse), axis);
      const [xs, g] = [tf.unstack(x, axis), tf.unstack(single(dy), axis)];
      const order = xs.map((_, i) => i);
      if (!reverse) order.reverse();
      const gradients: tf.Tensor[] = [];
      let after: { readonly i: number; readonly sum: tf.Tensor } | undefined;
      for (const i of order) {
        // Inclusive: S_i = dy_i + x_(i+1) S_(i+1). Exclusive: S_i = dy_(i+1) + x_(i+1) S_(i+1), nothing at the end.
        const further = after && tf.mul(savedAt(xs, after.i), after.sum);
        const own = exclusive ? after && savedAt(g, after.i) : savedAt(g, i);
        const sum = own && further ? tf.add(own, further) : own ?? tf.zerosLike(savedAt(xs, i));
        gradients[i] = tf.mul(savedAt(before, i), sum);
        after = { i, sum };
      }
      return tf.stack(gradients, axis);
    },
  }),
};

export const cumulative: readonly tf.GradConfig[] = [cumsum, cumprod];
