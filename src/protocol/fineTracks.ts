import * as z from 'zod';
import { along, axes, placeOf, placesIn } from './alongAxis';
import { Column, type Numbers } from './column';
import { gapsIn } from './gaps';
import { Smoothed, type Begun } from './smoothed';
import { Track, trackKinds, type Tracks } from './tracks';

/** Rows that a panel asks for at once: several for each pixel that a chart is wide. */
export const FINE_POINTS = 20_000;

/** What is looked at of a run's points. */
export const lookSchema = z.object({
  /** What the past counts in averages of the training's points, from 0 to below 1. */
  smoothing: z.number().min(0).lt(1),
  /** Absent: all. */
  range: z.object({ axis: z.enum(axes), min: z.number(), max: z.number() }).optional(),
});
export type Look = z.infer<typeof lookSchema>;

/**
 * Tracks of `most` rows or fewer, by which lines look as by all of them: those where a quantity is least or greatest among its neighbours. A track that has no
 * more is the same. Averages of the training's quantities are of all its points.
 */
export function fineTracks(tracks: Tracks, { smoothing, range }: Look, most = FINE_POINTS): Tracks {
  const [train, test, whole, layers] = trackKinds.map((kind) => fine(tracks[kind], kind === 'train' ? smoothing : 0, range, most)) as [Track, Track, Track, Track];
  return { train, test, whole, layers };
}

function fine(track: Track, smoothing: number, range: Look['range'], most: number): Track {
  if (track.length <= most) return track;
  const [from, to] = range ? placesIn(along(track, range.axis), range) : [0, track.length];
  const missing = gapsIn(track).filter((place) => place > from && place < to);
  const shown = missing.length <= most / GAPS ? missing : []; // of so many none could be told from another
  const chosen = chosenIn(track, from, to, most * (1 - 2 / GAPS));
  for (const place of shown) chosen[place - from] = chosen[place - 1 - from] = 1;
  const rows: number[] = [];
  chosen.forEach((is, i) => { if (is === 1) rows.push(from + i); });
  const of = (values: Numbers): Column => Column.from(rows.map((place) => values.at(place) ?? NaN));
  const smoothed = smoothing > 0 ? { weight: smoothing, columns: new Map<string, Begun>() } : undefined;
  const made = new Track(of(track.steps), of(track.seconds), { leftOut: track.length - rows.length, gaps: shown.map((place) => placeOf(rows, place)), smoothed });
  for (const [name, values] of track.columns) {
    made.columns.set(name, of(values));
    const all = smoothed && new Smoothed(values, smoothing).grow().begun;
    if (all) smoothed.columns.set(name, { ...all, values: of(all.values) });
  }
  return made;
}

/** At most this part of the rows are at gaps, one on either side. */
const GAPS = 8;
/** 1 for each place to be kept: all where they are few enough, else the ends, and of each group of neighbours the first and where a quantity is least or greatest. */
function chosenIn({ columns }: Track, from: number, to: number, most: number): Uint8Array {
  const chosen = new Uint8Array(to - from);
  if (to - from <= most) return chosen.fill(1);
  const groups = Math.max(1, Math.floor((most - 1) / (2 * columns.size + 1)));
  const edges = Array.from({ length: groups + 1 }, (_, group) => from + Math.round(group * (to - from) / groups));
  for (let group = 0; group < groups; group++) chosen[(edges[group] ?? from) - from] = 1;
  chosen[to - 1 - from] = 1;
  for (const values of columns.values()) {
    for (let group = 0; group < groups; group++) {
      let [low, high, least, greatest] = [-1, -1, Infinity, -Infinity];
      for (let place = edges[group] ?? to; place < (edges[group + 1] ?? to); place++) {
        const value = values.at(place) ?? NaN;
        if (!Number.isFinite(value)) continue;
        if (value < least) [low, least] = [place, value];
        if (value > greatest) [high, greatest] = [place, value];
      }
      if (low >= 0) chosen[low - from] = chosen[high - from] = 1;
    }
  }
  return chosen;
}
