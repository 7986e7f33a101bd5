import type { RunRow } from '../../protocol/runsApi';
import { t } from '../text';
import type { Column } from './columns';

export const columnTitles = (): { readonly [C in Column]: string } => ({
  name: t('Model'), state: t('State'), changed: t('Changed'), last: t('Last loss'), best: t('Best loss'), engine: t('Engine'), duration: t('Duration'), created: t('Started'), size: t('Size'),
});

/** 815 MB, 5.6 GB: in powers of ten, as disks are told. */
export function bytesText(bytes: number): string {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]] as const) if (bytes >= size) return `${(bytes / size).toFixed(bytes >= 100 * size ? 0 : 1)} ${unit}`;
  return `${bytes} B`;
}

/** Told in the language of the editor. */
export const startedText = ({ createdAt }: RunRow, locale: string): string => new Date(createdAt).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'short' });
/** Tells apart runs of one model, where they stand beside each other. */
export const shortId = (id: string): string => id.slice(-4);
