import { useEffect, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { Pictures } from '../images/Pictures';
import type { Store } from '../store';
import { fromHost, t } from '../text';
import { drawsInWords, samplesInWords } from '../../protocol/samplesInWords';
import type { ShownRun } from '../../protocol/shownRun';
import { CodePrior } from './CodePrior';
import { errorText } from '../../protocol/errorText';

const COUNT = 64;
const COLUMNS = 8;
/** So many classes have a row. */
const MOST_CLASSES = 32;
const SEEDS = 2 ** 31;

/** Draws from the prior: others each time, or the same again by their seed. */
export function SamplesTab({ store, run, name, ready }: { readonly store: Store; readonly run: ShownRun; readonly name: string; readonly ready: boolean }) {
  const { id: runId, prior, conditionClasses: classes } = run.manifest;
  const [seed, setSeed] = useState(1);
  const [drawn, setDrawn] = useState<ImageStrip>();
  const [error, setError] = useState<string>();
  const rows = classes?.slice(0, MOST_CLASSES);
  const count = rows ? rows.length * COLUMNS : COUNT;
  useEffect(() => {
    if (!ready) return undefined;
    let current = true;
    store.client.request('sample', { count, seed, ...(rows ? { labels: Array.from({ length: count }, (_, i) => Math.floor(i / COLUMNS)) } : {}) }).then(
      (strip) => { if (current) { setDrawn(strip); setError(undefined); } },
      (reason: unknown) => { if (current) setError(errorText(reason)); },
    );
    return () => { current = false; };
  }, [store, runId, seed, ready, count, prior.learned?.step, prior.learned?.seconds]);
  const save = (): void => {
    if (drawn) store.ask('savePictures', { name: `${name}-samples-${seed}`, columns: COLUMNS, pictures: [drawn] });
  };
  return (
    <section>
      <div class="row">
        <h2>{t('Samples')} <span class="unit">{rows ? t('{0} draws from the prior for each class, seed {1}', COLUMNS, seed) : drawsInWords(count, prior, seed, t)}</span></h2>
        <div class="toolbar">
          <vscode-button onClick={() => { setSeed(Math.floor(Math.random() * SEEDS)); }}>{t('Draw again')}</vscode-button>
          <vscode-button appearance="secondary" disabled={!drawn} onClick={save}>{t('Save as PNG...')}</vscode-button>
        </div>
      </div>
      <CodePrior store={store} run={run} />
      {error !== undefined && <p class="empty" role="alert">{fromHost(error)}</p>}
      {rows && <p class="unit">{t('Rows from above: {0}', rows.join(', '))}</p>}
      {drawn ? <Pictures strips={[drawn]} columns={COLUMNS} label={rows ? t('{0} samples, a row a class: {1}', count, rows.join(', ')) : samplesInWords(count, prior, t)} testId="drawn" />
        : error === undefined && <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {ready ? t('Drawing') : t('Samples come when the model is built.')}</p>}
    </section>
  );
}
