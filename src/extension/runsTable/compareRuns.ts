import type { ComparedRun } from '../../protocol/runsApi';
import { COARSE_POINTS } from '../../protocol/panelRun';
import { packTracks, thinTracks } from '../../protocol/tracks';
import type { OpenRun } from '../training/openRun';

const FIRST_SEED = 1;

/** A run as it is set beside others, with as many points as a chart can show: no host has to be started. */
export function comparedRun({ id, snapshot: { manifest: { latentDim, samplesSeed, data }, images, history } }: Pick<OpenRun, 'id' | 'snapshot'>): ComparedRun {
  return { id, tracks: packTracks(thinTracks(history.tracks, COARSE_POINTS)), latentDim, samplesSeed: samplesSeed ?? FIRST_SEED, ...(images ? { images } : {}), ...(data ? { fingerprint: data.fingerprint } : {}) };
}
