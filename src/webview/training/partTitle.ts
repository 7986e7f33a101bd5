import { partInWords, partTitles } from '../../protocol/parts';
import { t } from '../text';

/** A part of the loss, by the name that the objective gives it. */
export function partTitle(name: string): string {
  const words = partInWords(name);
  return partTitles(t)[name] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** What a part is counted in; undefined where it has no unit. */
export function partUnit(name: string): string | undefined {
  const units: Readonly<Record<string, string | undefined>> = { perplexity: t('codes'), commitment: undefined };
  return name in units ? units[name] : t('nats');
}
