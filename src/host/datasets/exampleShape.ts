import type { Shape } from '../../vae/data/index';
import type { ImageShape } from '../engines/engine';
import { sizeOf } from '../engines/sizeOf';
import { DataError } from './dataError';

/** The shape of one example of an array [n, ...], or the one that is asked for. @throws DataError where it does not fit, or is no picture */
export function exampleShape(array: readonly number[], wanted: Shape | undefined, file: string): ImageShape {
  const [count, ...one] = array;
  const shown = `[${array.join(', ')}]`;
  if (count === undefined || one.length === 0) throw new DataError(`${file} has the shape ${shown}; the examples are along the first dimension, and each has values.`);
  if (array.includes(0)) throw new DataError(`${file} has the shape ${shown}: there is no example in it.`);
  if (wanted) {
    if (sizeOf(wanted) !== sizeOf(one)) throw new DataError(`${file} has the shape ${shown}: ${sizeOf(one)} values an example, where the shape [${wanted.join(', ')}] has ${sizeOf(wanted)}.`);
    return wanted;
  }
  const [a = 0, b = 0, c = 0] = one;
  if (one.length === 1) return [1, a, 1];
  if (one.length === 2) return [a, b, 1];
  if (one.length === 3 && (c === 1 || c === 3)) return [a, b, c];
  if (one.length === 3 && (a === 1 || a === 3)) throw new DataError(`${file} has the shape ${shown}, with the channels first. Save array.transpose(0, 2, 3, 1).`);
  throw new DataError(`${file} has the shape ${shown}, which is not [n, height, width], or [n, height, width, channels] with 1 or 3 channels. Name the "shape" of an example.`);
}

/** @throws DataError unless test examples have the training examples' shape */
export function requireSameShape(train: ImageShape, test: ImageShape, file: string): void {
  if (train.some((side, i) => side !== test[i])) throw new DataError(`${file} holds examples of [${test.join(', ')}]; those to train on are [${train.join(', ')}].`);
}
