import { along, placeOf, placesIn, type Axis, type Range } from '../../protocol/alongAxis';
import type { Numbers } from '../../protocol/column';
import { gapsIn } from '../../protocol/gaps';
import { noneYet, Smoothed } from '../../protocol/smoothed';
import type { Track, Tracks, TrackKind } from '../../protocol/tracks';
import { Extremes } from './extremes';

/** A quantity of one track, as it is drawn. */
export interface Line { readonly track: Track; readonly values: Numbers; readonly extremes: Extremes }

const lines = new WeakMap<Numbers, { readonly line: Line; smooth?: { readonly by: Smoothed; readonly line: Line } }>();
/** Of each track that lacks a quantity. */
const nothing = new WeakMap<Track, Numbers>();
function nothingOf(track: Track): Numbers {
  const known = nothing.get(track) ?? [];
  nothing.set(track, known);
  return known;
}

/**
 * With `weight` smoothed. The same line, grown, as long as its track is the same. Of a track that has a part of its rows only what came with it can be smoothed:
 * that line is as smooth as it was when it came.
 */
export function lineOf(tracks: Tracks, kind: TrackKind, quantity: string, weight = 0): Line {
  const track = tracks[kind];
  const values = track.columns.get(quantity) ?? nothingOf(track);
  let known = lines.get(values);
  if (!known) lines.set(values, known = { line: { track, values, extremes: new Extremes(values) } });
  if (weight === 0) return known.line;
  const given = track.part ? { weight: track.part.smoothed?.weight ?? weight, begun: track.part.smoothed?.columns.get(quantity) ?? noneYet(values.length) } : { weight, begun: undefined };
  if (known.smooth?.by.weight !== given.weight) {
    const by = new Smoothed(values, given.weight, given.begun);
    known.smooth = { by, line: { track, values: by.values, extremes: new Extremes(by.values) } };
  }
  known.smooth.by.grow();
  return known.smooth.line;
}

/** What is drawn of a line: places and values, null where there is a gap. `most`: about so many groups of neighbours. */
export function drawn({ track, values, extremes }: Line, axis: Axis, range: Range | undefined, most: number, logarithmic: { readonly x: boolean; readonly y: boolean }): [number[], (number | null)[]] {
  const all = along(track, axis);
  const [from, to] = range ? placesIn(all, range) : [0, values.length];
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
