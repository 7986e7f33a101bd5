import { fineTracks, type Look } from '../../protocol/fineTracks';
import type { ComparedRun } from '../../protocol/runsApi';
import { packTracks, Track, type Tracks } from '../../protocol/tracks';
import type { OpenRun } from '../training/openRun';

const FIRST_SEED = 1;

const isLoss = (quantity: string): boolean => quantity === 'loss' || quantity.startsWith('part:');
function lossesOf({ steps, seconds, part, columns }: Track): Track {
  const losses = new Track(steps, seconds, part);
  for (const [name, values] of columns) if (isLoss(name)) losses.columns.set(name, values);
  return losses;
}

/** A run as it is set beside others: no host has to be started. `most`: points of each kind, by which its losses look as by all; absent: all. */
export function comparedRun({ id, snapshot: { manifest: { latentDim, samplesSeed, data }, images, history: { tracks } } }: Pick<OpenRun, 'id' | 'snapshot'>, range: Look['range'], most: number | undefined): ComparedRun {
  const losses: Tracks = { train: lossesOf(tracks.train), test: lossesOf(tracks.test), whole: lossesOf(tracks.whole), layers: new Track() };
  const shown = most === undefined ? losses : fineTracks(losses, { smoothing: 0, range }, most);
  return { id, tracks: packTracks(shown), latentDim, samplesSeed: samplesSeed ?? FIRST_SEED, ...(images ? { images } : {}), ...(data ? { fingerprint: data.fingerprint } : {}) };
}
