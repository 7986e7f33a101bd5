import { DataError } from './dataError';
import type { Split } from './split';

interface Known { readonly names: readonly string[]; readonly train: Int32Array }

/** Classes that are not trained on: their names, and a split without their examples; those of the test stay. @throws DataError for classes that there are not, or where no example is left */
export function leftOutOf(name: string, leaveOut: readonly (number | string)[] = [], labels?: Known): { readonly names: readonly string[]; without(split: Split, count: number): Split } {
  if (leaveOut.length === 0) return { names: [], without: (split) => split };
  if (!labels) throw new DataError(`${name} has no labels, by which classes could be left out.`);
  const numbers = new Set(leaveOut.map((one) => {
    const number = typeof one === 'number' ? one : labels.names.indexOf(one);
    if (labels.names[number] === undefined) throw new DataError(`${name} has no class ${JSON.stringify(one)} to leave out. It has: ${labels.names.join(', ')}.`);
    return number;
  }));
  const stays = (row: number): boolean => !numbers.has(labels.train[row] ?? -1);
  return {
    names: [...numbers].map((number) => labels.names[number] ?? ''),
    without: ({ train, validation, test }, count) => {
      const left = (train ?? Uint32Array.from({ length: count }, (_, i) => i)).filter(stays);
      if (left.length === 0) throw new DataError(`The training split of ${name} is empty: all of its classes are left out.`);
      return { train: left, validation: validation.filter(stays), test };
    },
  };
}
