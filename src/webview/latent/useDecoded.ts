import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { MAX_DRAWN } from '../../spec/latentItem';
import type { Store } from '../store';
import { latestOnly } from './latestOnly';

/** Pictures of places [n, size], decoded again as the run goes on; the newest places only. `undefined` until there are some. */
export function useDecoded(store: Store, z: Float32Array | undefined, size: number, step: number): ImageStrip | undefined {
  const [strip, setStrip] = useState<ImageStrip>();
  const ask = useMemo(() => latestOnly(async (places: Float32Array) => {
    try {
      const parts: ImageStrip[] = [];
      for (let from = 0; from < places.length; from += MAX_DRAWN * size) parts.push(await store.client.request('decode', { z: places.slice(from, from + MAX_DRAWN * size), quiet: true }));
      const [first] = parts;
      if (first) setStrip(parts.length === 1 ? first : { ...first, count: parts.reduce((sum, { count }) => sum + count, 0), pixels: Uint8Array.from(parts.flatMap(({ pixels }) => Array.from(pixels))) });
    } catch (error) {
      store.fail(error);
    }
  }), [store, size]);
  useEffect(() => { if (z && z.length > 0) ask(z); }, [ask, z, step]);
  return strip && z && strip.count === z.length / size ? strip : undefined;
}
