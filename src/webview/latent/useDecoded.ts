import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { MAX_DRAWN } from '../../spec/latentItem';
import { joined } from '../images/strips';
import { usePart } from '../observable';
import { latestOnly } from './latestOnly';
import type { LatentSession } from './session';

/** Pictures of places [n, latentDim], decoded again as the run goes on; the newest places only. `undefined` until there are some. */
export function useDecoded(session: LatentSession, z: Float32Array | undefined, step: number): ImageStrip | undefined {
  const { store, latentDim: size } = session;
  const { label } = usePart(session.state, 'label');
  const [strip, setStrip] = useState<ImageStrip>();
  const ask = useMemo(() => latestOnly(async (places: Float32Array) => {
    try {
      const parts: ImageStrip[] = [];
      for (let from = 0; from < places.length; from += MAX_DRAWN * size) parts.push(await store.client.request('decode', { z: places.slice(from, from + MAX_DRAWN * size), quiet: true, ...session.given(label) }));
      const [first, ...others] = parts;
      if (first) setStrip(joined([first, ...others]));
    } catch (error) {
      store.fail(error);
    }
  }), [session, label]);
  useEffect(() => { if (z && z.length > 0) ask(z); }, [ask, z, step]);
  return strip && z && strip.count === z.length / size ? strip : undefined;
}
