import { useMemo } from 'preact/hooks';
import { dimensionsByKl } from '../../latent/statistics';
import { RECORDED_EXAMPLES, type Moment } from '../../protocol/moments';
import type { Manifest } from '../../protocol/run';
import { curveViewOf } from '../charts/curveView';
import { HeatMap } from '../charts/heat/HeatMap';
import type { HeatData } from '../charts/heat/heatData';
import { useValue } from '../observable';
import type { Store } from '../store';
import { decimal, t, whole } from '../text';
import { jointWords } from '../latent/words';
import { chosenStepOf } from './shownMoment';

/** Dimensions drawn: of more the ones with the most KL. */
const MOST = 64;
/** Below this a dimension tells the decoder nothing to speak of, in nats. */
const USED = 0.01;

/** How much each latent dimension is used, over time; the most used above. */
export function KlSection({ store, moments, prior, testCount }: { readonly store: Store; readonly moments: readonly Moment[] } & Pick<Manifest, 'prior' | 'testCount'>) {
  const view = useValue(curveViewOf(store));
  const chosen = chosenStepOf(store);
  const marked = useValue(chosen);
  const data = useMemo<HeatData>(() => {
    const order = dimensionsByKl(Float64Array.from(moments.at(-1)?.klNats ?? [])).slice(0, MOST);
    return { steps: moments.map(({ step }) => step), seconds: moments.map(({ seconds }) => seconds), names: order.map((dimension) => `z${dimension}`), values: order.map((dimension) => moments.map(({ klNats }) => klNats[dimension] ?? NaN)) };
  }, [moments]);
  const last = moments.at(-1);
  if (prior.kl === 'monteCarlo' && last) return <section data-testid="kl-dimensions"><h2>{t('Latent dimensions')}</h2><p class="unit">{jointWords()}</p></section>;
  if (!last || last.klNats.length === 0) return null; // codes are points
  const used = last.klNats.filter((kl) => kl > USED).length;
  const summary = t('Step {0}: {1} of {2} dimensions above {3} nats, {4} nats in all', whole(last.step), used, last.klNats.length, USED, decimal(last.klNats.reduce((sum, kl) => sum + kl, 0)));
  const title = t('KL divergence by latent dimension');
  return (
    <section data-testid="kl-dimensions">
      <h2>{t('Latent dimensions')}</h2>
      <HeatMap store={store} title={title} unit={testCount > 0 ? t('nats, over {0} held-out examples', Math.min(RECORDED_EXAMPLES, testCount)) : t('nats')} data={data} view={view} logarithmic={false} show={(value) => decimal(value, 2)} summary={summary} marked={marked} onStep={(step) => { chosen.set(step === last.step ? undefined : step); }} />
    </section>
  );
}
