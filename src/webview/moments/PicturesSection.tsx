import { useMemo } from 'preact/hooks';
import { dimensionsByKl, variances } from '../../latent/statistics';
import { Pictures } from '../images/Pictures';
import { useValue } from '../observable';
import { samplesInWords } from '../../protocol/samplesInWords';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { fromHost, t, whole } from '../text';
import { MomentMap } from './MomentMap';
import { chosenStepOf, useMoment } from './shownMoment';
import { TimeSlider } from './TimeSlider';

/** What the model makes of held-out examples and of fixed z: now, or at any step that was recorded. */
export function PicturesSection({ store, run: { images, moments = [], manifest } }: { readonly store: Store; readonly run: ShownRun }) {
  const chosen = chosenStepOf(store);
  const wanted = useValue(chosen);
  const at = moments.some(({ step }) => step === wanted) ? wanted : undefined;
  const newest = moments.at(-1);
  const fetched = useMoment(store, manifest.id, at ?? newest?.step);
  const seen = fetched?.seen;
  const pictures = at === undefined && images ? images : seen;
  const [order] = [useMemo(() => (newest && newest.klNats.length > 0 ? dimensionsByKl(Float64Array.from(newest.klNats)) : seen && manifest.prior.kl === 'monteCarlo' ? dimensionsByKl(variances(seen.means, seen.latentDim)) : [0, Math.min(1, manifest.latentDim - 1)]), [newest, seen, manifest.prior.kl, manifest.latentDim])]; // points are shown by the first two numbers
  const [first = 0, second = first] = order;
  if (!pictures && !newest) return <p class="empty">{manifest.state.kind === 'preparing' ? t('Pictures appear with the first step.') : t('This run has no pictures.')}</p>;
  return (
    <section class="moments">
      {moments.length > 1 && <TimeSlider moments={moments} at={at} onStep={(step) => { chosen.set(step); }} />}
      {fetched?.error !== undefined && <p class="moment-error" role="alert">{fromHost(fetched.error)}</p>}
      <div class="moment-views">
        {pictures && (
          <div>
            <h2>{t('Reconstructions')} <span class="unit">{t('held-out examples above, step {0} below', whole(pictures.step))}</span></h2>
            <Pictures strips={[pictures.originals, pictures.reconstructions]} columns={pictures.originals.count} label={t('{0} held-out examples above their reconstructions', pictures.originals.count)} testId="reconstructions" />
            <h2>{t('Samples')} <span class="unit">{t('from the same z each time')}</span></h2>
            <Pictures strips={[pictures.samples]} columns={Math.min(8, pictures.samples.count)} label={samplesInWords(pictures.samples.count, manifest.prior, t)} testId="samples" />
          </div>
        )}
        {seen && (
          <div>
            <h2>{t('Latent space')} <span class="unit">{t('z{0}, z{1} at step {2}', first, second, whole(seen.step))}</span></h2>
            <MomentMap seen={seen} dims={[first, second]} range={manifest.prior.range} />
          </div>
        )}
      </div>
    </section>
  );
}
