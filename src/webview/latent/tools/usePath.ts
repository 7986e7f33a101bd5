import { useEffect, useMemo, useState } from 'preact/hooks';
import { pathThrough, rowsOf } from '../../../latent/paths';
import { usePart, useValue } from '../../observable';
import type { LatentSession } from '../session';

/** The path through the places chosen, [frames, size]; undefined where there are fewer than two, or while one that follows the data is looked for. */
export function usePath(session: LatentSession): Float32Array | undefined {
  const { stops, along, frames } = usePart(session.state, 'stops', 'along', 'frames');
  const encoded = useValue(session.encoded);
  const through = useMemo(() => (stops.length > 1 ? rowsOf(stops.map(({ z }) => z)) : undefined), [stops]);
  const straight = useMemo(() => (through && along !== 'data' ? pathThrough(through, session.latentDim, frames, along) : undefined), [through, along, frames, session]);
  const [followed, setFollowed] = useState<{ of: Float32Array; path: Float32Array }>();
  useEffect(() => {
    if (along !== 'data' || !through || !encoded) return undefined;
    let current = true;
    session.computer().request('pathAlongData', { through, steps: frames }).then(({ path }) => { if (current) setFollowed({ of: through, path }); }, (error: unknown) => { session.store.fail(error); });
    return () => { current = false; };
  }, [through, along, frames, encoded, session]);
  const path = straight ?? (followed?.of === through && followed?.path.length === frames * session.latentDim ? followed.path : undefined);
  useEffect(() => { session.path.set(path); }, [session, path]);
  return path;
}

export interface Nearest { readonly indices: Float32Array; readonly distances: Float32Array }
/** The encoded example nearest to each place of [n, size]. */
export function useNearest(session: LatentSession, places: Float32Array | undefined): Nearest | undefined {
  const encoded = useValue(session.encoded);
  const [found, setFound] = useState<Nearest & { of: Float32Array }>();
  useEffect(() => {
    if (!places || !encoded) return undefined;
    let current = true;
    session.computer().request('nearest', { queries: places, k: 1 }).then((nearest) => { if (current) setFound({ ...nearest, of: places }); }, (error: unknown) => { session.store.fail(error); });
    return () => { current = false; };
  }, [places, encoded, session]);
  return found?.of === places ? found : undefined;
}
