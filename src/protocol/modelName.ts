interface Named { readonly file: string; readonly name: string }

/** A file and its folder. */
export const placeOf = (file: string): string => file.split(/[\\/]/).slice(-2).join('/');
/** A model with those: `shapes, deep/m.vae.ts`. */
export const nameAt = (name: string, file: string): string => `${name}, ${placeOf(file)}`;

/** A model as it is called among others: with its file where another has a model of that name. */
export function nameAmong({ file, name }: Named, others: Iterable<Named>): string {
  for (const other of others) if (other.name === name && other.file !== file) return nameAt(name, file);
  return name;
}
