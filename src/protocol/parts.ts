/** Parts of the loss in words, in the order in which the objective gives them: "reconstruction 80.4, KL 25.5". */
export const partsInWords = (parts: Readonly<Record<string, number>>, digits?: number): string =>
  Object.entries(parts).map(([name, value]) => `${partInWords(name)} ${digits === undefined ? value : value.toFixed(digits)}`).join(', ');

/** `capacityGap` as "capacity gap"; `kl` and the like are initials. */
export const partInWords = (name: string): string => (name.length <= 2 ? name.toUpperCase() : name.replace(/([a-z\d])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`).replace(/\bkl\b/, 'KL'));

/** What parts are called by themselves, of those that this library names. `t` translates. */
export function partTitles(t: (text: string) => string): Readonly<Record<string, string>> {
  return {
    reconstruction: t('Reconstruction'), kl: t('KL divergence'), bound: t('Bound'), capacityGap: t('Distance from the capacity'), countedKl: t('KL divergence, with free bits'), absoluteCode: t('Sum of absolute codes'),
    mutualInformation: t('Mutual information'), totalCorrelation: t('Total correlation'), discriminator: t('Discriminator'), commitment: t('Distance from the codes'), perplexity: t('Perplexity of the codes'), dimensionWiseKl: t('KL divergence, dimension by dimension'),
  };
}
