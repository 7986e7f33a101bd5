import { useEffect, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { Pictures } from '../images/Pictures';
import type { Store } from '../store';
import { fromHost, t } from '../text';
import { samplesLabel } from './samplesLabel';
import { errorText } from '../../protocol/errorText';

const COUNT = 64;
const COLUMNS = 8;
const SEEDS = 2 ** 31;

/** Draws from the prior: others each time, or the same again by their seed. */
export function SamplesTab({ store, runId, name, ready, fitted }: { readonly store: Store; readonly runId: string; readonly name: string; readonly ready: boolean; /** There is no prior. */ readonly fitted: boolean }) {
  const [seed, setSeed] = useState(1);
  const [drawn, setDrawn] = useState<ImageStrip>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (!ready) return undefined;
    let current = true;
    store.client.request('sample', { count: COUNT, seed }).then(
      (strip) => { if (current) { setDrawn(strip); setError(undefined); } },
      (reason: unknown) => { if (current) setError(errorText(reason)); },
    );
    return () => { current = false; };
  }, [store, runId, seed, ready]);
  const save = (): void => {
    if (drawn) store.ask('savePictures', { name: `${name}-samples-${seed}`, columns: COLUMNS, pictures: [drawn] });
  };
  return (
    <section>
      <div class="row">
        <h2>{t('Samples')} <span class="unit">{fitted ? t('{0} draws from a Gaussian fitted to the codes, seed {1}', COUNT, seed) : t('{0} draws from the prior, seed {1}', COUNT, seed)}</span></h2>
        <div class="toolbar">
          <vscode-button onClick={() => { setSeed(Math.floor(Math.random() * SEEDS)); }}>{t('Draw again')}</vscode-button>
          <vscode-button appearance="secondary" disabled={!drawn} onClick={save}>{t('Save as PNG...')}</vscode-button>
        </div>
      </div>
      {error !== undefined && <p class="empty" role="alert">{fromHost(error)}</p>}
      {drawn ? <Pictures strips={[drawn]} columns={COLUMNS} label={samplesLabel(COUNT, fitted)} testId="drawn" />
        : error === undefined && <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {ready ? t('Drawing') : t('Samples come when the model is built.')}</p>}
    </section>
  );
}
