import { useMemo, useState } from 'preact/hooks';
import type { ShownRun } from '../../protocol/shownRun';
import { Pictures } from '../images/Pictures';
import { stacked } from '../images/strips';
import { Choice } from '../latent/Choice';
import type { Store } from '../store';
import { fromHost, t, whole } from '../text';
import { Metrics } from './Metrics';
import { useEvaluations } from './useEvaluations';

/** Pictures a row. */
const ACROSS = 8;
const SAMPLES = [10, 50, 100, 200, 500, 1000, 5000];

/** The numbers of a run on data it did not train on, each with its protocol; training waits while they are computed. */
export function EvaluationTab({ store, run, ready }: { readonly store: Store; readonly run: ShownRun; readonly ready: boolean }) {
  const { all, pairs, progress, error, start, cancel } = useEvaluations(store, run.manifest.id, ready);
  const [k, setK] = useState(100);
  const [split, setSplit] = useState<'test' | 'validation'>('test');
  const last = all?.at(-1);
  const rows = useMemo(() => pairs && stacked([pairs.samples, pairs.nearest], ACROSS), [pairs]);
  const hasValidation = (run.manifest.data?.validationCount ?? 0) > 0;
  return (
    <section aria-label={t('Evaluation')}>
      <div class="row">
        <h2>{t('Evaluation')} <span class="unit">{t('on held-out data')}</span></h2>
        <div class="toolbar">
          <Choice label={t('importance samples')} value={String(k)} options={SAMPLES.map((value) => ({ value: String(value), name: whole(value) }))} onChoose={(value) => { setK(Number(value)); }} />
          {hasValidation && <Choice<'test' | 'validation'> label={t('data')} value={split} options={[{ value: 'test', name: t('test') }, { value: 'validation', name: t('validation') }]} onChoose={setSplit} />}
          {progress ? <vscode-button key="cancel" appearance="secondary" onClick={cancel}>{t('Cancel')}</vscode-button>
            : <vscode-button key="evaluate" disabled={!ready || !all} onClick={() => { start({ k, split }); }}>{t('Evaluate')}</vscode-button>}
        </div>
      </div>
      {progress && <p class="waiting" role="status"><progress value={progress.fraction} aria-label={t('Evaluation')} /> {fromHost(progress.what)}</p>}
      {error !== undefined && <p class="empty" role="alert">{fromHost(error)}</p>}
      {last ? <Metrics evaluation={last} /> : !progress && <p class="empty">{t('Not evaluated yet. Every number comes with what it depends on, so that only like is compared with like.')}</p>}
      {pairs && rows && (
        <>
          <h3>{t('Samples, and below each the training image nearest to it')}</h3>
          <Pictures strips={rows} columns={Math.min(ACROSS, pairs.samples.count)} label={t('{0} samples above the training images nearest to them', pairs.samples.count)} testId="pairs" />
        </>
      )}
    </section>
  );
}
