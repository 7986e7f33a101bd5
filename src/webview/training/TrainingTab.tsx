import { useState } from 'preact/hooks';
import type { Snapshot } from '../../protocol/hostApi';
import { Curve } from '../charts/Curve';
import type { Axis, Quantity } from '../charts/series';
import { Pictures } from '../images/Pictures';
import { valueOf } from '../kit';
import { samplesLabel } from '../samples/samplesLabel';
import { decimal, significant, t, whole } from '../text';
import { PartCurve } from './PartCurve';
import { ScheduledCurve } from './ScheduledCurve';

const axes: readonly Axis[] = ['step', 'seconds'];
const loss: Quantity = (point) => point.loss;
/** What is charted before the first point names the parts. */
const expected = ['reconstruction', 'kl'];
/** A logarithm has no 0. */
const gradientNorm: Quantity = (point) => (point.gradientNorm === 0 ? undefined : point.gradientNorm);

/** The curves of the loss and its parts, of the gradients' norm and of what follows a schedule, and what the model makes of held-out examples. */
export function TrainingTab({ run: { metrics, marks, images, manifest } }: { readonly run: Snapshot }) {
  const [axis, setAxis] = useState<Axis>('step');
  const parts = metrics[0] ? Object.keys(metrics[0].parts) : expected;
  const scheduled = Object.keys(metrics.find((point) => point.scheduled !== undefined)?.scheduled ?? {});
  const axisTitles = { step: t('Steps'), seconds: t('Time') };
  return (
    <>
      <div class="row">
        <h2>{t('Curves')}</h2>
        <vscode-radio-group aria-label={t('Over')} value={axis} onChange={(event: Event) => { const chosen = axes.find((candidate) => candidate === valueOf(event)); if (chosen) setAxis(chosen); }}>
          {axes.map((candidate) => <vscode-radio key={candidate} value={candidate}>{axisTitles[candidate]}</vscode-radio>)}
        </vscode-radio-group>
      </div>
      <div class="curves" data-testid="curves" data-points={metrics.filter(({ split }) => split === 'train').length}>
        <Curve quantity={loss} title={t('Loss')} unit={t('nats')} show={decimal} axis={axis} points={metrics} marks={marks} />
        {parts.map((name) => <PartCurve key={name} name={name} axis={axis} points={metrics} marks={marks} />)}
        {metrics.some(gradientNorm) && <Curve quantity={gradientNorm} title={t('Gradient norm')} scale="log" show={significant} axis={axis} points={metrics} marks={marks} />}
        {scheduled.map((name) => <ScheduledCurve key={name} name={name} axis={axis} points={metrics} marks={marks} />)}
      </div>
      {images ? (
        <>
          <section>
            <h2>{t('Reconstructions')} <span class="unit">{t('held-out examples above, step {0} below', whole(images.step))}</span></h2>
            <Pictures strips={[images.originals, images.reconstructions]} columns={images.originals.count} label={t('{0} held-out examples above their reconstructions', images.originals.count)} testId="reconstructions" />
          </section>
          <section>
            <h2>{t('Samples')} <span class="unit">{t('from the same z each time')}</span></h2>
            <Pictures strips={[images.samples]} columns={Math.min(8, images.samples.count)} label={samplesLabel(images.samples.count, manifest.prior.kind)} testId="samples" />
          </section>
        </>
      ) : <p class="empty">{manifest.state.kind === 'preparing' ? t('Pictures appear with the first step.') : t('This run has no pictures.')}</p>}
    </>
  );
}
