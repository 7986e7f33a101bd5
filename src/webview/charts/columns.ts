import uPlot from 'uplot';
import { along, type Axis, type Range } from '../../protocol/alongAxis';
import type { Numbers } from '../../protocol/column';
import type { Tracks } from '../../protocol/tracks';
import type { CurveView } from './curveView';
import { drawn, lineOf, type Line } from './line';

/** Groups of neighbours that a curve of usual width can show. */
const SHOWN = 600;

/** The lines of a chart: training, the same smoothed, held-out, held-out over the whole set. Held-out points are of one batch, without the noise of another one each step, so there is nothing to smooth. */
export function linesOf(tracks: Tracks, quantity: string, smoothing: number): readonly (Line | undefined)[] {
  return [lineOf(tracks, 'train', quantity), smoothing > 0 ? lineOf(tracks, 'train', quantity, smoothing) : undefined, lineOf(tracks, 'test', quantity), lineOf(tracks, 'whole', quantity)];
}

/** uPlot's columns: undefined where a line has no point, null where it has a gap. */
export function columnsOf(tracks: Tracks, quantity: string, { axis, logX, logY, smoothing, zoom }: CurveView, width = SHOWN): uPlot.AlignedData {
  const tables = linesOf(tracks, quantity, smoothing).map((line): uPlot.AlignedData => (line ? drawn(line, axis, zoom, width, { x: logX, y: logY }) : [[], []]));
  return uPlot.join(tables);
}

export function firstAboveZero(all: Numbers): number | undefined {
  for (const x of all) if (x > 0) return x;
  return undefined;
}

/** From the first to the last point of a quantity; undefined where there are not two. */
export function wholeOf(tracks: Tracks, quantity: string, axis: Axis, logarithmic: boolean): Range | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (const line of linesOf(tracks, quantity, 0)) {
    if (!line || line.values.length === 0) continue;
    const all = along(line.track, axis);
    min = Math.min(min, (logarithmic ? firstAboveZero(all) : all.at(0)) ?? Infinity);
    max = Math.max(max, all.at(-1) ?? -Infinity);
  }
  return min < max ? { min, max } : undefined;
}
