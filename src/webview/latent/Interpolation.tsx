import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { Pictures } from '../images/Pictures';
import type { Store } from '../store';
import { t } from '../text';
import { ExamplePicker } from './ExamplePicker';
import { latestOnly } from './latestOnly';

const STEPS = 11;
interface InterpolationProps { readonly store: Store; readonly runId: string; readonly name: string; readonly originals: ImageStrip; readonly step: number; readonly from: number; readonly onFrom: (index: number) => void }

/** The straight line in latent space between two held-out examples, decoded; it follows the training. */
export function Interpolation({ store, runId, name, originals, step, from, onFrom }: InterpolationProps) {
  const [to, setTo] = useState(Math.min(1, originals.count - 1));
  const [path, setPath] = useState<ImageStrip>();
  const ask = useMemo(() => latestOnly(async ([a, b]: readonly [number, number]) => {
    try {
      setPath(await store.client.request('interpolate', { from: a, to: b, steps: STEPS }));
    } catch (error) {
      store.fail(error);
    }
  }), [store, runId]);
  useEffect(() => { ask([from, to]); }, [ask, from, to, step]);
  const save = (): void => {
    if (path) store.ask('savePictures', { name: `${name}-interpolation-${from}-${to}`, columns: STEPS, pictures: [path] });
  };
  return (
    <section>
      <div class="row">
        <h2>{t('Interpolation')} <span class="unit">{t('between two held-out examples')}</span></h2>
        <vscode-button appearance="secondary" disabled={!path} onClick={save}>{t('Save as PNG...')}</vscode-button>
      </div>
      <ExamplePicker label={t('From')} originals={originals} chosen={from} onChoose={onFrom} />
      <ExamplePicker label={t('To')} originals={originals} chosen={to} onChoose={setTo} />
      {path && <Pictures strips={[path]} columns={STEPS} label={t('{0} pictures from example {1} to example {2}', STEPS, from + 1, to + 1)} testId="interpolation" />}
    </section>
  );
}
