import type { Track } from './tracks';

/** Steps so many times as far apart as neighbours can be are a gap: what lay between is not known. */
const GAP = 10;

interface Gaps { seen: number; shortest: number; places: number[] }
const gaps = new WeakMap<Track, Gaps>();

/** The places before which points are missing, ascending. */
export function gapsIn(track: Track): readonly number[] {
  if (track.part) return track.part.gaps;
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
