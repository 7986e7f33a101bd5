import type { HostEvent, HostEvents, Snapshot } from '../protocol/hostApi';
import type { PanelRun } from '../protocol/panelRun';
import { reduceRun } from '../protocol/reduceRun';
import { addPoints, emptyTracks, unpackTracks, type Tracks } from '../protocol/tracks';

/** A run's points up to now. The tracks are the same after an event, and longer: a long run is not copied for each new point. */
export interface History { readonly tracks: Tracks }
/** A run as the panel holds it. */
export type ShownRun = Omit<Snapshot, 'metrics'> & { readonly history: History };

export function shownRun({ tracks, ...rest }: PanelRun): ShownRun {
  return { ...rest, history: { tracks: unpackTracks(tracks) } };
}

export function afterEvent<E extends HostEvent>({ history, ...run }: ShownRun, event: E, payload: HostEvents[E]): ShownRun {
  const { metrics, ...next } = reduceRun({ ...run, metrics: [] }, event, payload);
  if (event === 'restarted') return { ...next, history: { tracks: emptyTracks() } };
  if (metrics.length === 0) return { ...next, history };
  addPoints(history.tracks, metrics);
  return { ...next, history: { ...history } };
}
