import type { Tracks } from '../../protocol/tracks';
import { t, whole } from '../text';
import { lineOf, type Line } from './line';
import type { ChartMark } from './marks';

/** How a line goes, in words; undefined where it has no point. */
export function lineInWords({ track: { steps }, values, extremes }: Line, name: string, show: (value: number) => string): string | undefined {
  let [first, last] = [0, values.length - 1];
  while (first <= last && !Number.isFinite(values.at(first))) first++;
  while (last > first && !Number.isFinite(values.at(last))) last--;
  const [from, to, least] = [values.at(first), values.at(last), extremes.least()];
  if (first > last || from === undefined || to === undefined) return undefined;
  if (last === first) return t('{0}: {1} at step {2}.', name, show(from), whole(steps.at(first) ?? 0));
  return t('{0}: from {1} at step {2} to {3} at step {4}; lowest {5} at step {6}.', name, show(from), whole(steps.at(first) ?? 0), show(to), whole(steps.at(last) ?? 0), show(values.at(least) ?? NaN), whole(steps.at(least) ?? 0));
}

/** What a curve shows, in words. */
export function curveInWords(tracks: Tracks, quantity: string, show: (value: number) => string, marks: readonly ChartMark[]): string {
  const lines = [lineInWords(lineOf(tracks, 'train', quantity), t('Training'), show), lineInWords(lineOf(tracks, 'test', quantity), t('Held-out'), show), lineInWords(lineOf(tracks, 'whole', quantity), t('Held-out, all'), show)];
  const changes = marks.filter(({ kind }) => kind === 'change').map(({ name }) => name);
  return [...lines, ...(changes.length > 0 ? [t('Changed: {0}.', changes.slice(-5).join('; '))] : [])].filter((text) => text !== undefined).join(' ') || t('No points yet.');
}
