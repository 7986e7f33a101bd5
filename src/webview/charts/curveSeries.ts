import type uPlot from 'uplot';
import { themeColours } from './theme';

/** A point of the whole held-out set in pixels, and how many of it two are apart. */
const [DOT, APART] = [7, 2];

/** Points without a neighbour, which no line would show. uPlot: undefined is no point, null a gap. */
export function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const places: number[] = [];
  let [before, last, lastPlace]: [boolean, boolean, number] = [false, false, -1];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    if (last && !before && value === null) places.push(lastPlace);
    [before, last, lastPlace] = [last, value !== null, i];
  }
  if (last && !before) places.push(lastPlace);
  return places;
}

/** Points that are `least` pixels apart, the first one first: more would run into one another. */
export function spaced(values: ArrayLike<number | null | undefined>, pixelOf: (place: number) => number, least: number): number[] {
  const places: number[] = [];
  let last = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== 'number' || pixelOf(i) - last < least) continue;
    places.push(i);
    last = pixelOf(i);
  }
  return places;
}

/** A line; a point of it without a neighbour is a dot. */
export const lineSeries = (stroke: string, width: number, more: uPlot.Series = {}): uPlot.Series =>
  ({ stroke, width, points: { show: true, size: 5, fill: stroke, filter: (plot, index) => lonely(plot.data[index] ?? []) }, ...more });

/** Training, the same smoothed, held-out, and held-out over the whole set. */
export function curveSeries(isSmooth: boolean): readonly uPlot.Series[] {
  const { train, test } = themeColours();
  return [
    lineSeries(train, 1.25, { alpha: isSmooth ? 0.3 : 1 }), lineSeries(train, 1.75), lineSeries(test, 1.5),
    { stroke: test, width: 0, points: { show: true, size: DOT, fill: test, filter: (plot, index) => spaced(plot.data[index] ?? [], (place) => plot.valToPos(plot.data[0][place] ?? NaN, 'x'), APART * DOT) } },
  ];
}
