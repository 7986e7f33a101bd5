import { useEffect, useMemo } from 'preact/hooks';
import { isLive } from '../../protocol/run';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { LatentSession } from './session';

const sessions = new WeakMap<Store, { readonly runId: string; readonly session: LatentSession }>();

/** The session of a run whose model is built; the last one is kept while other tabs are looked at. */
function sessionOf(store: Store, runId: string, latentDim: number): LatentSession {
  const known = sessions.get(store);
  if (known?.runId === runId && known.session.latentDim === latentDim) return known.session;
  known?.session.end();
  const session = new LatentSession(store, latentDim);
  sessions.set(store, { runId, session });
  return session;
}

/** Undefined while the model is being built. */
export function useSession(store: Store, { manifest, images }: ShownRun): LatentSession | undefined {
  const { id, latentDim, state, lastStep } = manifest;
  const ready = state.kind !== 'preparing' && latentDim > 0;
  const session = useMemo(() => (ready ? sessionOf(store, id, latentDim) : undefined), [store, id, latentDim, ready]);
  const live = isLive(state);
  const step = live ? images?.step ?? 0 : Math.max(lastStep, images?.step ?? 0);
  useEffect(() => { session?.follow(step, live); }, [session, step, live]);
  return session;
}
