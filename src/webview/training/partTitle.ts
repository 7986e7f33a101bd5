import { partInWords } from '../../protocol/parts';
import { t } from '../text';

/** A part of the loss, by the name that the objective gives it. */
export function partTitle(name: string): string {
  const known: Readonly<Record<string, string>> = {
    reconstruction: t('Reconstruction'), kl: t('KL divergence'), bound: t('Bound'), capacityGap: t('Distance from the capacity'), countedKl: t('KL divergence, with free bits'), absoluteCode: t('Sum of absolute codes'),
    mutualInformation: t('Mutual information'), totalCorrelation: t('Total correlation'), discriminator: t('Discriminator'), commitment: t('Distance from the codes'), perplexity: t('Perplexity of the codes'), dimensionWiseKl: t('KL divergence, dimension by dimension'),
  };
  const words = partInWords(name);
  return known[name] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** What a part is counted in; undefined where it has no unit. */
export function partUnit(name: string): string | undefined {
  const units: Readonly<Record<string, string | undefined>> = { perplexity: t('codes'), commitment: undefined };
  return name in units ? units[name] : t('nats');
}
