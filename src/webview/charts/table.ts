import type { Tracks } from '../../protocol/tracks';
import { t } from '../text';
import { lineOf } from './line';

/** Numbers as rows, in full; empty where there is none. `isPart`: there are more rows. */
export interface Table { readonly head: readonly string[]; readonly rows: readonly (readonly (number | undefined)[])[]; readonly isPart?: boolean }

const kinds = ['train', 'test', 'whole'] as const;
/** The points of a quantity that are here, by step. */
export function curveTable(tracks: Tracks, quantity: string): Table {
  const rows = new Map<number, (number | undefined)[]>();
  kinds.forEach((kind, column) => {
    const { track, values } = lineOf(tracks, kind, quantity);
    for (let i = 0; i < values.length; i++) {
      const value = values.at(i);
      if (!Number.isFinite(value)) continue;
      const step = track.steps.at(i) ?? NaN;
      const row = rows.get(step) ?? [step, track.seconds.at(i), undefined, undefined, undefined];
      row[2 + column] = value;
      rows.set(step, row);
    }
  });
  return { head: [t('step'), t('seconds'), t('training'), t('held-out'), t('held-out, all')], rows: [...rows.values()].sort(([a = 0], [b = 0]) => a - b), isPart: kinds.some((kind) => tracks[kind].part !== undefined) };
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** Comma-separated, with a point in numbers, whatever the editor's language (RFC 4180). */
export const csvOf = ({ head, rows }: Table): string => [head.map(quoted), ...rows.map((row) => row.map((value) => (value === undefined || !Number.isFinite(value) ? '' : String(value))))].map((cells) => `${cells.join(',')}\r\n`).join('');
