import { useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import { protocolInWords } from '../../protocol/evaluationInWords';
import type { Protocol } from '../../protocol/evaluation';
import type { ImageStrip } from '../../protocol/images';
import type { Manifest } from '../../protocol/run';
import { Pictures } from '../images/Pictures';
import { Choice } from '../latent/Choice';
import type { Store } from '../store';
import { decimal, fromHost, t } from '../text';

const uses = ['anomalies', 'denoise', 'complete'] as const;
type Use = (typeof uses)[number];
interface Answer { readonly words: string; readonly strips: readonly ImageStrip[]; readonly columns: number; readonly label: string; readonly protocol: Protocol }
/** Examples that numbers are taken over, and pictures shown beside one another. */
const [EXAMPLES, SHOWN] = [1000, 8];
const [SIGMA, BOX] = [0.3, 12];
const NONE = 'none';

/** What models are used for, tried on held-out examples; training waits meanwhile. */
export function UsesSection({ store, manifest, ready }: { readonly store: Store; readonly manifest: Manifest; readonly ready: boolean }) {
  const [use, setUse] = useState<Use>('anomalies');
  const [outlier, setOutlier] = useState(NONE);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<string>();
  const names: Readonly<Record<Use, string>> = { anomalies: t('Anomalies'), denoise: t('Denoise'), complete: t('Complete') };
  const [height, width] = manifest.imageShape;

  const mended = async (damage: 'denoise' | 'complete'): Promise<Answer> => {
    const { originals, damaged, mended: back, before, after, protocol } = await store.client.request('mend', {
      damage: damage === 'denoise' ? { kind: 'gaussianNoise', sigma: SIGMA } : { kind: 'maskBox', height: Math.min(BOX, height), width: Math.min(BOX, width) }, examples: EXAMPLES, shown: SHOWN,
    });
    return { words: t('Mean squared error: {0} damaged, {1} mended', decimal(before, 4), decimal(after, 4)), strips: [originals, damaged, back], columns: originals.count, label: t('{0} examples, damaged, and mended', originals.count), protocol };
  };
  const found = async (): Promise<Answer> => {
    const { auc, pictures, protocol } = await store.client.request('anomalies', { examples: EXAMPLES, ...(outlier === NONE ? {} : { outlier: Number(outlier) }) });
    return {
      words: auc ? t('Area under the ROC curve: {0} \u00b1 {1}', decimal(auc.value, 3), decimal(auc.standardError, 3)) : t('The examples that the model explains worst, worst first'),
      strips: [pictures], columns: SHOWN, label: t('{0} examples of the highest scores', pictures.count), protocol,
    };
  };
  const start = (): void => {
    setBusy(true);
    setError(undefined);
    (use === 'anomalies' ? found() : mended(use)).then(setAnswer, (reason: unknown) => { setError(errorText(reason)); }).finally(() => { setBusy(false); });
  };
  const classes = Array.from({ length: Math.min(100, manifest.data?.classes ?? 0) }, (_, i) => ({ value: String(i), name: String(i) }));
  return (
    <section aria-label={t('Uses')}>
      <div class="row">
        <h2>{t('Uses')} <span class="unit">{t('tried on held-out examples')}</span></h2>
        <div class="toolbar">
          <Choice<Use> label={t('what')} value={use} options={uses.map((value) => ({ value, name: names[value] }))} onChoose={(next) => { setUse(next); setAnswer(undefined); }} />
          {use === 'anomalies' && classes.length > 0 && <Choice label={t('outlier class')} value={outlier} options={[{ value: NONE, name: '-' }, ...classes]} onChoose={setOutlier} />}
          <vscode-button disabled={!ready || busy} onClick={start}>{t('Try')}</vscode-button>
        </div>
      </div>
      {busy && <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /></p>}
      {error !== undefined && <p class="empty" role="alert">{fromHost(error)}</p>}
      {answer && !busy && (
        <>
          <p data-testid="use">{answer.words}</p>
          <p class="unit">{protocolInWords(answer.protocol, fromHost)}</p>
          <Pictures strips={answer.strips} columns={answer.columns} label={answer.label} testId="used" />
        </>
      )}
    </section>
  );
}
