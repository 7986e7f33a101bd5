import * as z from 'zod';
import { snapshotSchema, type Snapshot } from './hostApi';
import { addPoints, emptyTracks, packedTrackSchema, packTracks } from './tracks';

/** A run's snapshot as a panel gets it: its metrics as columns. */
export const panelRunSchema = snapshotSchema.omit({ metrics: true }).extend({ tracks: z.array(packedTrackSchema) });
export type PanelRun = z.infer<typeof panelRunSchema>;

export function toPanelRun({ metrics, ...rest }: Snapshot): PanelRun {
  const tracks = emptyTracks();
  addPoints(tracks, metrics);
  return { ...rest, tracks: packTracks(tracks) };
}
