import { Pictures } from '../images/Pictures';
import type { ShownRun } from '../shownRun';
import type { Store } from '../store';
import { t, whole } from '../text';
import { Curves } from './Curves';

/** The curves of a run, and what the model makes of held-out examples. */
export function TrainingTab({ store, run }: { readonly store: Store; readonly run: ShownRun }) {
  const { images, manifest } = run;
  return (
    <>
      <Curves store={store} run={run} />
      {images ? (
        <>
          <section>
            <h2>{t('Reconstructions')} <span class="unit">{t('held-out examples above, step {0} below', whole(images.step))}</span></h2>
            <Pictures strips={[images.originals, images.reconstructions]} columns={images.originals.count} label={t('{0} held-out examples above their reconstructions', images.originals.count)} testId="reconstructions" />
          </section>
          <section>
            <h2>{t('Samples')} <span class="unit">{t('from the same z each time')}</span></h2>
            <Pictures strips={[images.samples]} columns={Math.min(8, images.samples.count)} label={t('{0} samples from the prior', images.samples.count)} testId="samples" />
          </section>
        </>
      ) : <p class="empty">{manifest.state.kind === 'preparing' ? t('Pictures appear with the first step.') : t('This run has no pictures.')}</p>}
    </>
  );
}
