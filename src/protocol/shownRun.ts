import type { HostEvent, HostEvents, Snapshot } from './hostApi';
import { reduceRun } from './reduceRun';
import { addPoints, emptyTracks, type Tracks } from './tracks';

/** A run's points up to now. The tracks are the same after an event, and longer: a long run is not copied for each new point. */
export interface History { readonly tracks: Tracks }
/** A run as editor and panel hold it: of a hundred thousand points as columns, which take a tenth of what they do as objects. */
export type ShownRun = Omit<Snapshot, 'metrics'> & {
  readonly history: History;
  /** It has more points: these are some of them, from first to last. */
  readonly isCoarse?: true | undefined;
};

export function shownRun({ metrics, ...rest }: Snapshot): ShownRun {
  const tracks = emptyTracks();
  addPoints(tracks, metrics);
  return { ...rest, history: { tracks } };
}

/** After an event of its host; the tracks given grow. */
export function afterEvent<E extends HostEvent>({ history, ...run }: ShownRun, event: E, payload: HostEvents[E]): ShownRun {
  const { metrics, ...next } = reduceRun({ ...run, metrics: [] }, event, payload);
  if (event === 'restarted') return { ...next, history: { tracks: emptyTracks() } };
  if (metrics.length === 0) return { ...next, history };
  addPoints(history.tracks, metrics);
  return { ...next, history: { ...history } };
}
