import { useEffect } from 'preact/hooks';
import { chosenStepOf, useMoment } from '../moments/shownMoment';
import { TimeSlider } from '../moments/TimeSlider';
import { useValue } from '../observable';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { fromHost, t, whole } from '../text';
import type { LatentSession } from './session';

/** Goes back to a recorded step, the same as in the training tab: the map follows. The weights of a step are not recorded, so what is decoded stays of now, which is said. */
export function LookBack({ store, run: { moments = [], manifest }, session }: { readonly store: Store; readonly run: ShownRun; readonly session: LatentSession }) {
  const chosen = chosenStepOf(store);
  const wanted = useValue(chosen);
  const at = moments.some(({ step }) => step === wanted) ? wanted : undefined;
  const fetched = useMoment(store, manifest.id, at);
  const seen = fetched?.step === at ? fetched?.seen : undefined;
  useEffect(() => { if (at === undefined || seen) session.lookBack(at === undefined ? undefined : seen); }, [session, at, seen]);
  useEffect(() => () => { session.lookBack(undefined); }, [session]);
  if (moments.length < 2) return null;
  return (
    <section class="look-back" aria-label={t('Time')}>
      <TimeSlider moments={moments} at={at} onStep={(step) => { chosen.set(step); }} />
      {fetched?.error !== undefined && <p class="moment-error" role="alert">{fromHost(fetched.error)}</p>}
      {at !== undefined && seen && (
        <p class="unit" role="status" data-testid="look-back">
          {t('The map shows {0} held-out examples as they were at step {1}. Pictures below are decoded as the model is at step {2}: its weights at step {1} are not recorded. "Newest" goes back to now.', whole(seen.means.length / seen.latentDim), whole(at), whole(manifest.lastStep))}
        </p>
      )}
    </section>
  );
}
