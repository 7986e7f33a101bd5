import { check, countOrShare } from './options';

/** Height, width, channels (1: grey, 3: RGB). */
export type Shape = readonly [number, number, number];
/** Where the test set of one's own data comes from: so many examples, or such a share, drawn by `seed`; or another file or folder. */
export type TestOption = number | string;
export const SHARE_FOR_TEST = 0.1;

/** @throws TypeError */
export function ownPath(where: string, path: unknown, name = 'path'): string {
  if (typeof path !== 'string' || path === '') throw new TypeError(`${where}(): ${name} must be a path; relative ones are taken from the model file.`);
  return path;
}
/** @throws TypeError */
export function testOption(where: string, value: TestOption | undefined): TestOption {
  return typeof value === 'string' ? ownPath(where, value, 'test') : countOrShare(where, 'test', value ?? SHARE_FOR_TEST);
}
/** @throws TypeError */
export function shapeOption(where: string, shape: Shape | undefined): Shape | undefined {
  if (shape === undefined) return undefined;
  const right = Array.isArray(shape) && shape.length === 3 && shape.every((side: unknown) => typeof side === 'number' && Number.isInteger(side) && side >= 1 && side <= 4096) && (shape[2] === 1 || shape[2] === 3);
  check(where, right, `shape must be [height, width, channels] with 1 or 3 channels; got ${JSON.stringify(shape)}.`);
  return [shape[0], shape[1], shape[2]];
}
/** The values that stand for black and for white. @throws TypeError */
export function rangeOption(where: string, range: readonly [number, number] | undefined): readonly [number, number] | undefined {
  if (range === undefined) return undefined;
  const right = Array.isArray(range) && range.length === 2 && range.every(Number.isFinite) && range[0] < range[1];
  check(where, right, `range must be [lowest, highest], such as [0, 255]; got ${JSON.stringify(range)}.`);
  return [range[0], range[1]];
}
