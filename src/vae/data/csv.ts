import { ownPath, rangeOption, shapeOption, testOption, type Shape, type TestOption } from './ownFile';
import { check, prepared, type DataOptions, type Preparation } from './options';

export interface CsvOptions extends DataOptions {
  /** Of one example, [height, width, channels]. Default: one row of pixels, [1, columns, 1]. */
  readonly shape?: Shape;
  /** The column of the classes, by its name, or by its number counted from 0. Any texts: they are numbered in their order. */
  readonly labels?: string | number;
  /** Whether the first line names the columns. Default: it does if it is not all numbers. */
  readonly header?: boolean;
  /** Default: the comma, semicolon or tab that the first lines have. */
  readonly delimiter?: string;
  /** The values that stand for black and white. Default [0, 1]; a value outside is an error. */
  readonly range?: readonly [number, number];
  /** Default 0.1; a path names a file of test examples. */
  readonly test?: TestOption;
}
export interface CsvDescription extends Preparation {
  readonly kind: 'csv';
  readonly path: string;
  readonly shape: Shape | undefined;
  readonly labels: string | number | undefined;
  readonly header: boolean | undefined;
  readonly delimiter: string | undefined;
  readonly range: readonly [number, number];
  readonly test: TestOption;
}

/** A table of numbers, an example a line: `csv('digits.csv', { shape: [28, 28, 1], labels: 'label', range: [0, 255] })`. */
export function csv(path: string, options: CsvOptions = {}): CsvDescription {
  const preparation = prepared('csv', options, ['shape', 'labels', 'header', 'delimiter', 'range', 'test']);
  const { shape, labels, header, delimiter, range, test } = options;
  check('csv', labels === undefined || typeof labels === 'string' || (Number.isInteger(labels) && labels >= 0), "labels must be a column's name, or its number counted from 0.");
  check('csv', delimiter === undefined || (typeof delimiter === 'string' && delimiter.length === 1), 'delimiter must be one character.');
  return { kind: 'csv', path: ownPath('csv', path), shape: shapeOption('csv', shape), labels, header, delimiter, range: rangeOption('csv', range) ?? [0, 1], test: testOption('csv', test), ...preparation };
}
