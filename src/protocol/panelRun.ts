import * as z from 'zod';
import { snapshotSchema } from './hostApi';
import type { ShownRun } from './shownRun';
import { packedTrackSchema, packTracks, thinTracks, trackKinds, unpackTracks } from './tracks';

/** A run on its way to a panel. */
export const panelRunSchema = snapshotSchema.omit({ metrics: true }).extend({ tracks: z.array(packedTrackSchema), isCoarse: z.literal(true).optional() });
export type PanelRun = z.infer<typeof panelRunSchema>;

/** More points than a chart is wide; so many are drawn and sent at once. */
export const COARSE_POINTS = 2000;
/** What of a long run is shown first, while all of it is on its way: hundred thousand points take some tenths of a second, most of them for the wire. A short one is as it was. */
export function coarseRun(run: ShownRun): ShownRun {
  const { tracks } = run.history;
  return trackKinds.every((kind) => tracks[kind].length <= COARSE_POINTS) ? run : { ...run, history: { tracks: thinTracks(tracks, COARSE_POINTS) }, isCoarse: true };
}

export const packRun = ({ history, ...rest }: ShownRun): PanelRun => ({ ...rest, tracks: packTracks(history.tracks) });
export const unpackRun = ({ tracks, ...rest }: PanelRun): ShownRun => ({ ...rest, history: { tracks: unpackTracks(tracks) } });
