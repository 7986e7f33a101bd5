import { changeView, type CurveView } from '../charts/curveView';
import { axes } from '../../protocol/alongAxis';
import { valueOf } from '../kit';
import type { Store } from '../store';
import { t } from '../text';

/** The slider is even where averages over 2, 4, 8, ... points are. */
const SLIDER = 9;
const weightOf = (slider: number): number => (slider <= 0 ? 0 : 1 - 2 ** -slider);
const sliderOf = (weight: number): number => (weight <= 0 ? 0 : -Math.log2(1 - weight));

/** How all curves are drawn. */
export function CurveControls({ store, view }: { readonly store: Store; readonly view: CurveView }) {
  const titles = { step: t('Steps'), seconds: t('Time') };
  const ticked = (key: 'logX' | 'logY', label: string) => (
    <label><input type="checkbox" checked={view[key]} onChange={(event) => { changeView(store, { [key]: event.currentTarget.checked, ...(key === 'logX' ? { zoom: undefined } : {}) }); }} />{label}</label>
  );
  const slid = (event: Event): void => { if (event.currentTarget instanceof HTMLInputElement) changeView(store, { smoothing: weightOf(Number(event.currentTarget.value)) }); };
  const points = Math.round(1 / (1 - view.smoothing));
  return (
    <div class="row curve-controls">
      <h2>{t('Curves')}</h2>
      <div class="toolbar">
        <vscode-radio-group aria-label={t('Over')} value={view.axis} onChange={(event: Event) => { const chosen = axes.find((axis) => axis === valueOf(event)); if (chosen && chosen !== view.axis) changeView(store, { axis: chosen }); }}>
          {axes.map((axis) => <vscode-radio key={axis} value={axis}>{titles[axis]}</vscode-radio>)}
        </vscode-radio-group>
        {ticked('logX', t('Log x'))}
        {ticked('logY', t('Log y'))}
        <label>{t('Smoothing')}<input type="range" min={0} max={SLIDER} step={0.5} value={sliderOf(view.smoothing)} aria-valuetext={view.smoothing === 0 ? t('off') : t('over {0} points', points)} onInput={slid} /></label>
        <vscode-button appearance="secondary" disabled={!view.zoom} onClick={() => { changeView(store, { zoom: undefined }); }}>{t('Show all')}</vscode-button>
      </div>
    </div>
  );
}
