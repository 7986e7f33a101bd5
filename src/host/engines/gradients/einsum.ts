import * as tf from '@tensorflow/tfjs';
import { labelsOf } from '../kernelAttributes';
import { savedAt, single } from './gradient';

/** The gradient of one factor is the equation with it and the result exchanged; what only that factor has was summed, so it is repeated. */
export const einsum: tf.GradConfig = {
  kernelName: 'Einsum', saveAllInputs: true,
  gradFunc: (dy, saved, attributes) => {
    const { factors, result } = labelsOf(attributes['equation']);
    return Object.fromEntries(factors.map((labels, i) => [String(i), () => {
      if (new Set(labels).size < labels.length) throw new TypeError(`The gradient of tf.einsum is not known where a factor repeats a label: ${String(attributes['equation'])}.`);
      const others = factors.map((_, k) => k).filter((k) => k !== i);
      const elsewhere = result + others.map((k) => factors[k] ?? '').join('');
      const kept = [...labels].filter((label) => elsewhere.includes(label)).join('');
      const gradient = tf.einsum(`${[result, ...others.map((k) => factors[k] ?? '')].join(',')}->${kept}`, single(dy), ...others.map((k) => savedAt(saved, k)));
      const { shape } = savedAt(saved, i);
      const expanded = tf.reshape(gradient, shape.map((size, axis) => (kept.includes(labels[axis] ?? '') ? size : 1)));
      return tf.broadcastTo(expanded, shape);
    }]));
  },
};
