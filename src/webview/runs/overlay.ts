import uPlot from 'uplot';
import { along, nearestTo, type Axis, type Range } from '../../protocol/alongAxis';
import type { Look } from '../../protocol/fineTracks';
import type { Tracks, TrackKind } from '../../protocol/tracks';
import type { ComparedRun } from '../../protocol/runsApi';
import { firstAboveZero } from '../charts/columns';
import type { CurveView } from '../charts/curveView';
import { drawn, lineOf, type Line } from '../charts/line';
import type { Table } from '../charts/table';
import { t } from '../text';

/** A run beside others, unpacked once. */
export type Beside = Omit<ComparedRun, 'tracks'> & { readonly tracks: Tracks };
/** Runs looked at closely: more points of a range. */
export interface CloserRuns { readonly range: NonNullable<Look['range']>; readonly of: readonly Beside[]; readonly runs: readonly Beside[] }
/** One quantity of several runs. `kind`: what of each is shown, where that is the same. */
export interface Overlaid { readonly lines: readonly Line[]; readonly kind?: Exclude<TrackKind, 'layers'> | undefined }

/** Groups of neighbours that a line of usual width can show. */
const SHOWN = 600;
/**
 * Held-out over the whole set where each run has two points of it; else of one batch, where a run has that; else of training.
 * `seen`: the points by which the runs are drawn, in their order.
 */
export function overlaid(runs: readonly Beside[], quantity: string, seen = runs): Overlaid {
  const isWhole = runs.every(({ tracks }) => lineOf(tracks, 'whole', quantity).values.length > 1);
  const kinds = runs.map(({ tracks }) => (isWhole ? 'whole' : lineOf(tracks, 'test', quantity).values.length > 0 ? 'test' : 'train'));
  const [first, ...others] = kinds;
  return { lines: seen.map(({ tracks }, i) => lineOf(tracks, kinds[i] ?? 'train', quantity)), kind: others.every((kind) => kind === first) ? first : undefined };
}

export const isSameRange = (a: Look['range'], b: Look['range']): boolean => a?.axis === b?.axis && a?.min === b?.min && a?.max === b?.max;
/** By which a range of the runs is drawn: points of that range where they are here. */
export function seenIn(range: Look['range'], runs: readonly Beside[], closer: CloserRuns | undefined): readonly Beside[] {
  if (!closer || !isSameRange(closer.range, range)) return runs;
  return runs.map((run) => closer.runs.find(({ id }) => id === run.id) ?? run);
}

/** uPlot's columns: places, then one a run. */
export const overlayColumns = ({ lines }: Overlaid, { axis, logX, logY, zoom }: CurveView, width = SHOWN): uPlot.AlignedData => uPlot.join(lines.map((line): uPlot.AlignedData => drawn(line, axis, zoom, width, { x: logX, y: logY })));

/** From the first to the last place of any run; undefined where there are not two. */
export function overlayRange({ lines }: Overlaid, { axis, logX }: Pick<CurveView, 'axis' | 'logX'>): Range | undefined {
  const ends = lines.filter(({ values }) => values.length > 0).map(({ track, values }) => {
    const all = along(track, axis);
    return { min: (logX ? firstAboveZero(all) : all.at(0)) ?? Infinity, max: all.at(values.length - 1) ?? -Infinity };
  });
  const [min, max] = [Math.min(...ends.map((end) => end.min)), Math.max(...ends.map((end) => end.max))];
  return min < max ? { min, max } : undefined;
}

export interface Read { readonly step: number; readonly value: number }
/** The newest value of a line. */
export function newestOf({ track: { steps }, values }: Line): Read | undefined {
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values.at(i);
    if (Number.isFinite(value)) return { step: steps.at(i) ?? NaN, value: value ?? NaN };
  }
  return undefined;
}
/** The value nearest to a place, where the line goes so far. */
export function readNear({ track, values }: Line, axis: Axis, wanted: number): Read | undefined {
  const all = along(track, axis);
  const [place, first, last] = [nearestTo(all, wanted), all.at(0) ?? Infinity, values.length > 0 ? all.at(values.length - 1) ?? -Infinity : -Infinity];
  const value = values.at(place);
  return value === undefined || !Number.isFinite(value) || wanted < first || wanted > last ? undefined : { step: track.steps.at(place) ?? NaN, value };
}

/** The points that are here of what is shown, by step; a column a run, and one of when that was. */
export function overlayTable({ lines }: Overlaid, names: readonly string[]): Table {
  const rows = new Map<number, (number | undefined)[]>();
  lines.forEach(({ track: { steps, seconds }, values }, column) => {
    for (let i = 0; i < values.length; i++) {
      const [step = NaN, value] = [steps.at(i), values.at(i)];
      if (!Number.isFinite(value)) continue;
      const row = rows.get(step) ?? [step, ...lines.map(() => undefined), ...lines.map(() => undefined)];
      row[1 + column] = value;
      row[1 + lines.length + column] = seconds.at(i);
      rows.set(step, row);
    }
  });
  return { head: [t('step'), ...names, ...names.map((name) => t('{0}: seconds', name))], rows: [...rows.values()].sort(([a = 0], [b = 0]) => a - b), isPart: lines.some(({ track }) => track.part !== undefined) };
}

/** Names of the loss's parts that a run has, in their order, each once. */
export const partNames = (runs: readonly Beside[]): string[] =>
  [...new Set(runs.flatMap(({ tracks: { train, test } }) => [...train.columns.keys(), ...test.columns.keys()]))].flatMap((name) => (name.startsWith('part:') ? [name.slice('part:'.length)] : []));
