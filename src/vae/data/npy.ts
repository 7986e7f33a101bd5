import { ownPath, rangeOption, shapeOption, testOption, type Shape, type TestOption } from './ownFile';
import { prepared, type DataOptions, type Preparation } from './options';

export interface NpyOptions extends DataOptions {
  /** A file of whole numbers, one an example: their classes, counted from 0. */
  readonly labels?: string;
  /** Of one example, [height, width, channels], where the array's own does not say it: [n, height, width], [n, height, width, channels], or [n, values] (one row). */
  readonly shape?: Shape;
  /** The values that stand for black and white. Default [0, 255] for bytes, [0, 1] for floats; a value outside is an error. */
  readonly range?: readonly [number, number];
  /** Default 0.1; a path names a file of test examples. */
  readonly test?: TestOption;
  /** Classes of the test file. */
  readonly testLabels?: string;
}
export interface NpyDescription extends Preparation {
  readonly kind: 'npy';
  readonly path: string;
  readonly labels: string | undefined;
  readonly shape: Shape | undefined;
  readonly range: readonly [number, number] | undefined;
  readonly test: TestOption;
  readonly testLabels: string | undefined;
}

/** An array saved by `numpy.save`: bytes, booleans or floats, the examples along its first dimension. Larger than memory it is read as it is needed. */
export function npy(path: string, options: NpyOptions = {}): NpyDescription {
  const preparation = prepared('npy', options, ['labels', 'shape', 'range', 'test', 'testLabels']);
  const { labels, shape, range, test, testLabels } = options;
  return {
    kind: 'npy', path: ownPath('npy', path), labels: labels === undefined ? undefined : ownPath('npy', labels, 'labels'), shape: shapeOption('npy', shape), range: rangeOption('npy', range),
    test: testOption('npy', test), testLabels: testLabels === undefined ? undefined : ownPath('npy', testLabels, 'testLabels'), ...preparation,
  };
}
