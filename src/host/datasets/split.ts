import { Random } from '../training/random';
import { DataError } from './dataError';

/** Independent generators of a data set from its seed. */
export const DataStream = { split: 31, train: 32, test: 33, corruptTrain: 34, corruptTest: 35, generated: 36 } as const;

/** A generator for one example, whatever was drawn for others. */
export const randomOf = (seed: number, stream: number, index: number): Random => new Random((seed ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0, stream);

const countOf = (countOrShare: number, of: number): number => (countOrShare < 1 ? Math.round(countOrShare * of) : countOrShare);

/** Which examples of `count` are for what, in ascending order; `train` is undefined where it is all of them. */
export interface Split { readonly train: Uint32Array | undefined; readonly validation: Uint32Array; readonly test: Uint32Array }

/** Draws `test` and then `validation` of `count` examples (numbers of them, or shares below 1), and leaves the rest for training. @throws DataError where nothing is left, or a share gives nothing */
export function splitExamples(count: number, test: number, validation: number, seed: number, name: string): Split {
  const [testCount, validationCount] = [countOf(test, count), countOf(validation, count)];
  const trainCount = count - testCount - validationCount;
  if (trainCount < 1) throw new DataError(`The training split of ${name} is empty: of ${count} examples ${testCount} are for the test and ${validationCount} for validation.`);
  if (test > 0 && testCount === 0) throw new DataError(`The test split of ${name} is empty: ${test} of ${count} examples is none. Name a larger share, or a number of examples.`);
  if (validation > 0 && validationCount === 0) throw new DataError(`The validation split of ${name} is empty: ${validation} of ${count} examples is none. Name a larger share, or a number of examples.`);
  if (trainCount === count) return { train: undefined, validation: new Uint32Array(0), test: new Uint32Array(0) };
  const order = new Random(seed, DataStream.split).permutation(count);
  const part = (from: number, to: number): Uint32Array => order.slice(from, to).sort();
  return { test: part(0, testCount), validation: part(testCount, testCount + validationCount), train: part(testCount + validationCount, count) };
}
