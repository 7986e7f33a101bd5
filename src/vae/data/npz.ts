import { ownPath, rangeOption, SHARE_FOR_TEST, shapeOption, type Shape } from './ownFile';
import { check, countOrShare, prepared, type DataOptions, type Preparation } from './options';

export interface NpzOptions extends DataOptions {
  /** Name of the array of training examples. Default: `x_train`, `images`, `x` or the only one there is. */
  readonly images?: string;
  /** Name of the array of their classes, counted from 0. */
  readonly labels?: string;
  /** Name of the array of test examples; or how many, or what share of the images, are drawn for it. Default 0.1. */
  readonly test?: string | number;
  /** Name of the array of the test examples' classes. */
  readonly testLabels?: string;
  /** As of `npy`. */
  readonly shape?: Shape;
  /** As of `npy`. */
  readonly range?: readonly [number, number];
}
export interface NpzDescription extends Preparation {
  readonly kind: 'npz';
  readonly path: string;
  readonly images: string | undefined;
  readonly labels: string | undefined;
  readonly test: string | number;
  readonly testLabels: string | undefined;
  readonly shape: Shape | undefined;
  readonly range: readonly [number, number] | undefined;
}

/** Arrays saved by `numpy.savez` or `numpy.savez_compressed`, by name: `npz('mnist.npz', { images: 'x_train', labels: 'y_train', test: 'x_test', testLabels: 'y_test' })`. */
export function npz(path: string, options: NpzOptions = {}): NpzDescription {
  const preparation = prepared('npz', options, ['images', 'labels', 'test', 'testLabels', 'shape', 'range']);
  const { images, labels, test = SHARE_FOR_TEST, testLabels, shape, range } = options;
  for (const name of [images, labels, testLabels]) check('npz', name === undefined || typeof name === 'string', 'arrays are named by a text.');
  return { kind: 'npz', path: ownPath('npz', path), images, labels, test: typeof test === 'string' ? test : countOrShare('npz', 'test', test), testLabels, shape: shapeOption('npz', shape), range: rangeOption('npz', range), ...preparation };
}
