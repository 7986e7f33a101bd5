import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import type { MomentPictures } from '../../protocol/moments';
import { latestOnly } from '../latent/latestOnly';
import { Value } from '../observable';
import type { Store } from '../store';

const chosen = new WeakMap<Store, Value<number | undefined>>();
/** The recorded step that is looked at; undefined: the newest, whichever that is. */
export function chosenStepOf(store: Store): Value<number | undefined> {
  const known = chosen.get(store) ?? new Value<number | undefined>(undefined);
  chosen.set(store, known);
  return known;
}

/** Of so many steps what was seen is kept here, for a hand that goes to and fro. */
const KEPT = 48;
export type Fetched = { readonly step: number; readonly seen?: MomentPictures; readonly error?: string };

/** What was recorded at a step; while another is fetched, what was shown before. */
export function useMoment(store: Store, runId: string, step: number | undefined): Fetched | undefined {
  const [shown, setShown] = useState<Fetched>();
  /** One that was at hand, when others may still be on their way: they come too late. */
  const atHand = useRef<number>();
  const arrived = (fetched: Fetched): void => { if (atHand.current === undefined || atHand.current === fetched.step) setShown(fetched); };
  const { ask, cache } = useMemo(() => {
    const kept = new Map<number, MomentPictures>();
    return { cache: kept, ask: latestOnly(async (wanted: number) => {
      try {
        const seen = await store.client.request('moment', { step: wanted });
        kept.set(wanted, seen);
        const [oldest] = kept.keys();
        if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
        arrived({ step: wanted, seen });
      } catch (error) {
        arrived({ step: wanted, error: errorText(error) });
      }
    }) };
  }, [store, runId]);
  useEffect(() => {
    if (step === undefined) return;
    const seen = cache.get(step);
    atHand.current = seen && step;
    if (seen) setShown({ step, seen }); else ask(step);
  }, [ask, cache, step]);
  return step === undefined ? undefined : shown;
}
