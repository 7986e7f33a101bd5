import type { HostApi, Snapshot } from '../protocol/hostApi';
import { pointsOf } from '../runs/packedPoints';

/** Everything of a run that its host tells, however long it is. @throws where what it answers is not understood */
export async function readSnapshot(api: HostApi): Promise<Snapshot> {
  const { older, ...snapshot } = await api.request('snapshot', {});
  return older ? { ...snapshot, metrics: pointsOf(older).concat(snapshot.metrics) } : snapshot;
}
