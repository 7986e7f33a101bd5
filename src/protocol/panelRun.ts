import * as z from 'zod';
import { snapshotSchema } from './hostApi';
import type { ShownRun } from './shownRun';
import { packedTrackSchema, packTracks, unpackTracks } from './tracks';

/** A run on its way to a panel. */
export const panelRunSchema = snapshotSchema.omit({ metrics: true }).extend({ tracks: z.array(packedTrackSchema) });
export type PanelRun = z.infer<typeof panelRunSchema>;

export const packRun = ({ history, ...rest }: ShownRun): PanelRun => ({ ...rest, tracks: packTracks(history.tracks) });
export const unpackRun = ({ tracks, ...rest }: PanelRun): ShownRun => ({ ...rest, history: { tracks: unpackTracks(tracks) } });
