import { DataError } from './dataError';

/** Classes of the training examples and, where they are known, of the test examples; `names` by number. */
export interface Labels { readonly names: readonly string[]; readonly train: Int32Array; readonly test: Int32Array | undefined }

/** Texts numbered in their order, those of numbers by value. */
export function classesOf(train: readonly string[], test: readonly string[] | undefined): Labels {
  const names = [...new Set([...train, ...test ?? []])];
  names.sort(names.every((name) => name !== '' && Number.isFinite(Number(name))) ? (a, b) => Number(a) - Number(b) : undefined);
  const numberOf = new Map(names.map((name, i) => [name, i]));
  const numbered = (given: readonly string[]): Int32Array => Int32Array.from(given, (name) => numberOf.get(name) ?? -1);
  return { names, train: numbered(train), test: test && numbered(test) };
}

/** Classes that are numbers counted from 0, named by them. @throws DataError for a label that is not, or where there is not one an example */
export function numberedClasses(train: { readonly labels: ArrayLike<number>; readonly count: number; readonly name: string }, test?: { readonly labels: ArrayLike<number>; readonly count: number; readonly name: string }): Labels {
  let most = 0;
  const checked = ({ labels, count, name }: typeof train): Int32Array => {
    if (labels.length !== count) throw new DataError(`${name} holds ${labels.length} labels for ${count} examples.`);
    return Int32Array.from(labels, (label, i) => {
      if (!Number.isInteger(label) || label < 0 || label > 1_000_000) throw new DataError(`${name}, label ${i} is ${label}; labels are whole numbers from 0 on.`);
      most = Math.max(most, label);
      return label;
    });
  };
  const [ofTrain, ofTest] = [checked(train), test && checked(test)];
  return { names: Array.from({ length: most + 1 }, (_, i) => String(i)), train: ofTrain, test: ofTest };
}
