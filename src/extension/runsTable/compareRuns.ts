import type { MetricPoint } from '../../protocol/run';
import type { ComparedRun } from '../../protocol/runsApi';
import { RunDirectory } from '../../runs/runDirectory';
import type { OpenRun } from '../training/openRun';

/** As many points of training as a chart can show; held-out ones are few, and all are kept. */
const SHOWN = 600;
const FIRST_SEED = 1;

export function thinned(points: readonly MetricPoint[]): MetricPoint[] {
  const trained = points.filter(({ split }) => split === 'train');
  const stride = Math.max(1, Math.ceil(trained.length / SHOWN));
  const kept = new Set(trained.filter((_, i) => i % stride === 0 || i === trained.length - 1));
  return points.filter((point) => point.split === 'test' || kept.has(point));
}

/** A run as it is set beside others: what it keeps on disk, so that no host has to be started. */
export async function comparedRun({ id, dir, snapshot: { manifest, images } }: OpenRun): Promise<ComparedRun> {
  return { id, points: thinned(await new RunDirectory(dir).readMetrics()), latentDim: manifest.latentDim, samplesSeed: manifest.samplesSeed ?? FIRST_SEED, ...(images ? { images } : {}), ...(manifest.data ? { fingerprint: manifest.data.fingerprint } : {}) };
}
