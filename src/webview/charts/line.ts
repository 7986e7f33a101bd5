import type { Numbers } from '../../protocol/column';
import type { Track, Tracks, TrackKind } from '../../protocol/tracks';
import { Extremes } from './extremes';
import { Smoothed } from './smoothed';

export type Axis = 'step' | 'seconds';
export interface Range { readonly min: number; readonly max: number }
/** A quantity of one track, as it is drawn. */
export interface Line { readonly track: Track; readonly values: Numbers; readonly extremes: Extremes }

const lines = new WeakMap<Numbers, { readonly line: Line; smooth?: { readonly by: Smoothed; readonly line: Line } }>();
/** Steps so many times as far apart as neighbours can be are a gap: what lay between is not known. */
const GAP = 10;
const NONE: Numbers = [];

/** With `weight` smoothed. The same line, grown, as long as its track is the same. */
export function lineOf(tracks: Tracks, kind: TrackKind, quantity: string, weight = 0): Line {
  const track = tracks[kind];
  const values = track.columns.get(quantity) ?? NONE;
  let known = lines.get(values);
  if (!known) lines.set(values, known = { line: { track, values, extremes: new Extremes(values) } });
  if (weight === 0) return known.line;
  if (known.smooth?.by.weight !== weight) {
    const by = new Smoothed(values, weight);
    known.smooth = { by, line: { track, values: by.values, extremes: new Extremes(by.values) } };
  }
  known.smooth.by.grow();
  return known.smooth.line;
}

export const along = ({ steps, seconds }: { readonly steps: Numbers; readonly seconds: Numbers }, axis: Axis): Numbers => (axis === 'step' ? steps : seconds);

/** The first place whose number is not below `wanted`. */
export function placeOf(ascending: Numbers, wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending.at(middle) ?? NaN) < wanted) low = middle + 1; else high = middle;
  }
  return low;
}
/** The place whose number is nearest. */
export function nearestTo(ascending: Numbers, wanted: number): number {
  const after = placeOf(ascending, wanted);
  return after > 0 && wanted - (ascending.at(after - 1) ?? NaN) <= (ascending.at(after) ?? Infinity) - wanted ? after - 1 : after;
}

interface Gaps { seen: number; shortest: number; places: number[] }
const gaps = new WeakMap<Track, Gaps>();
/** The places before which points are missing. */
function gapsIn(track: Track): readonly number[] {
  const { steps } = track;
  let known = gaps.get(track);
  if (!known) gaps.set(track, known = { seen: 1, shortest: Infinity, places: [] });
  for (; known.seen < steps.length; known.seen++) {
    const distance = (steps.at(known.seen) ?? 0) - (steps.at(known.seen - 1) ?? 0);
    if (distance > GAP * known.shortest) known.places.push(known.seen);
    if (distance <= 0 || distance >= known.shortest) continue;
    const begins = GAP * distance < known.shortest && known.seen > 1;
    known.shortest = distance;
    if (begins) Object.assign(known, { seen: 0, places: [] }); // what was far apart before is so now
  }
  return known.places;
}

/** What is drawn of a line: places and values, null where there is a gap. `most`: about so many groups of neighbours. */
export function drawn({ track, values, extremes }: Line, axis: Axis, range: Range | undefined, most: number, logarithmic: { readonly x: boolean; readonly y: boolean }): [number[], (number | null)[]] {
  const all = along(track, axis);
  const [from, to] = range ? [Math.max(0, placeOf(all, range.min) - 1), Math.min(values.length, placeOf(all, range.max) + 1)] : [0, values.length];
  const [xs, ys]: [number[], (number | null)[]] = [[], []];
  const missing = gapsIn(track);
  let previous: number | undefined;
  for (const place of to > from ? extremes.between(from, to, most) : []) {
    const [x = NaN, y = NaN] = [all.at(place), values.at(place)];
    if (!Number.isFinite(x) || (logarithmic.x && x <= 0)) continue;
    if (previous !== undefined && (missing[placeOf(missing, previous + 1)] ?? Infinity) <= place) {
      xs.push((x + (all.at(previous) ?? x)) / 2);
      ys.push(null);
    }
    xs.push(x);
    ys.push(Number.isFinite(y) && !(logarithmic.y && y <= 0) ? y : null);
    previous = place;
  }
  return [xs, ys];
}
