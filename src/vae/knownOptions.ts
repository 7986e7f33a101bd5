/**
 * Refuses what is no object of options, and options that nobody knows: a misspelt one would leave the default in force without a word. `known` names every option there is; a missing one does not compile.
 * @throws TypeError
 */
export function knownOptions<Options extends object>(where: string, options: Options, known: { readonly [K in keyof Options]-?: true }): void {
  const [given, names]: [unknown, readonly string[]] = [options, Object.keys(known)];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new TypeError(`${where}(): give its options as an object, such as { ${names[0]}: ... }.`);
  for (const name of Object.keys(given)) if (!Object.hasOwn(known, name)) throw new TypeError(`${where}(): there is no option "${name}". Known: ${names.join(', ')}.`);
}
