import { useEffect, useMemo, useState } from 'preact/hooks';
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
  const { ask, cache } = useMemo(() => {
    const kept = new Map<number, MomentPictures>();
    return { cache: kept, ask: latestOnly(async (wanted: number) => {
      try {
        const seen = await store.client.request('moment', { step: wanted });
        kept.set(wanted, seen);
        const [oldest] = kept.keys();
        if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
        setShown({ step: wanted, seen });
      } catch (error) {
        setShown({ step: wanted, error: errorText(error) });
      }
    }) };
  }, [store, runId]);
  const atHand = step === undefined ? undefined : cache.get(step);
  useEffect(() => {
    if (step === undefined) return;
    if (atHand) setShown({ step, seen: atHand }); else ask(step);
  }, [ask, step]);
  if (step === undefined) return undefined;
  return atHand && shown?.step !== step ? { step, seen: atHand } : shown; // another that was on its way comes too late
}
