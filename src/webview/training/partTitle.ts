import { partInWords } from '../../protocol/parts';
import { t } from '../text';

/** A part of the loss, by the name that the objective gives it. */
export function partTitle(name: string): string {
  const known: Readonly<Record<string, string>> = { reconstruction: t('Reconstruction'), kl: t('KL divergence'), bound: t('Bound'), capacityGap: t('Distance from the capacity'), countedKl: t('KL divergence, with free bits') };
  const words = partInWords(name);
  return known[name] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
