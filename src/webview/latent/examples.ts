import { useEffect, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import type { Split } from '../../protocol/latentItems';
import type { PanelClient } from '../store';
import { one } from '../../protocol/images';

/** Pictures of the data asked for lately. */
const KEPT = 500;
const kept = new WeakMap<PanelClient, Map<string, ImageStrip>>();

/** Examples as they are in the data of a run; undefined until they are here, and where they cannot be had. */
export function useExamples(client: PanelClient, runId: string, split: Split, indices: readonly number[]): readonly (ImageStrip | undefined)[] {
  const cache = kept.get(client) ?? new Map<string, ImageStrip>();
  kept.set(client, cache);
  const [, draw] = useState(0);
  const key = (index: number): string => `${runId} ${split} ${index}`;
  const missing = [...new Set(indices.filter((index) => !cache.has(key(index))))];
  useEffect(() => {
    if (missing.length === 0) return undefined;
    let current = true;
    void client.request('examples', { split, indices: missing }).then((strip) => {
      missing.forEach((index, i) => cache.set(key(index), one(strip, i)));
      for (const old of [...cache.keys()].slice(0, Math.max(0, cache.size - KEPT))) cache.delete(old);
      if (current) draw((n) => n + 1);
    }, () => undefined);
    return () => { current = false; };
  }, [client, runId, split, missing.join()]);
  return indices.map((index) => cache.get(key(index)));
}
