import { FINE_POINTS, type Look } from '../protocol/fineTracks';
import type { MetricPoint } from '../protocol/run';
import type { ShownRun } from '../protocol/shownRun';
import { addPoints, trackKinds, type Tracks } from '../protocol/tracks';

/** Points of a part of a run, looked at closely. */
export interface CloseUp { readonly look: Look; readonly tracks: Tracks }
/** What of a run's points is here: all of a short one, of a long one some, and those of the part that is zoomed into. */
export interface PointsHere { readonly run?: ShownRun | undefined; readonly closeUp?: CloseUp | undefined }

/** So many more than were asked for may have come since: a run of days takes no more memory than one of minutes. */
const MOST = 2 * FINE_POINTS;
/** Whether two looks are at the same. */
export const isSame = (a: Look | undefined, b: Look): boolean => a?.smoothing === b.smoothing && a.range?.axis === b.range?.axis && a.range?.min === b.range?.min && a.range?.max === b.range?.max;

/** What has to be asked for to show what is looked at; undefined: nothing. */
export function lacking({ run, closeUp }: PointsHere, { smoothing, range }: Look): Look | undefined {
  if (!run) return undefined;
  const { isCoarse, history: { tracks } } = run;
  const { part } = tracks.train;
  const lacksAverages = smoothing > 0 && part !== undefined && part.smoothed?.weight !== smoothing;
  if (isCoarse || lacksAverages || trackKinds.some((kind) => tracks[kind].length > MOST)) return { smoothing };
  return range && trackKinds.some((kind) => tracks[kind].part !== undefined) && !isSame(closeUp?.look, { smoothing, range }) ? { smoothing, range } : undefined;
}

/** With what was asked for. */
export function withPoints({ run, closeUp }: { readonly run: ShownRun; readonly closeUp?: CloseUp | undefined }, look: Look, tracks: Tracks): PointsHere {
  if (look.range) return { run, closeUp: { look, tracks } };
  const { isCoarse: _, ...whole } = run;
  return { run: { ...whole, history: { tracks } }, closeUp };
}
/** Points that came since, where they are in what is looked at: held-out ones of a step come after it, and a run that goes on from a checkpoint is told once more. */
export function extend({ look: { range }, tracks }: CloseUp, points: readonly MetricPoint[]): void {
  addPoints(tracks, points.filter((point) => range && (range.axis === 'step' ? point.step : point.seconds) <= range.max));
}

/** By which a range of an axis is drawn: those of its close-up where that is here. */
export function tracksFor(tracks: Tracks, closeUp: CloseUp | undefined, range: Look['range']): Tracks {
  return closeUp && range && isSame({ ...closeUp.look, smoothing: 0 }, { smoothing: 0, range }) ? closeUp.tracks : tracks;
}
