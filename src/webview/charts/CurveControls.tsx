import { axes } from '../../protocol/alongAxis';
import { valueOf } from '../kit';
import { t } from '../text';
import type { CurveView } from './curveView';

/** The slider is even where averages over 2, 4, 8, ... points are. */
const SLIDER = 9;
const weightOf = (slider: number): number => (slider <= 0 ? 0 : 1 - 2 ** -slider);
const sliderOf = (weight: number): number => (weight <= 0 ? 0 : -Math.log2(1 - weight));

interface CurveControlsProps {
  readonly title: string;
  readonly view: CurveView;
  /** Lines are drawn that can be smoothed. */
  readonly smooths?: boolean;
  onChange(change: Partial<CurveView>): void;
}

/** How all curves are drawn. */
export function CurveControls({ title, view, smooths = false, onChange }: CurveControlsProps) {
  const titles = { step: t('Steps'), seconds: t('Time') };
  const ticked = (key: 'logX' | 'logY', label: string) => (
    <label><input type="checkbox" checked={view[key]} onChange={(event) => { onChange({ [key]: event.currentTarget.checked }); }} />{label}</label>
  );
  const slid = (event: Event): void => { if (event.currentTarget instanceof HTMLInputElement) onChange({ smoothing: weightOf(Number(event.currentTarget.value)) }); };
  const points = Math.round(1 / (1 - view.smoothing));
  return (
    <div class="row curve-controls">
      <h2>{title}</h2>
      <div class="toolbar">
        <vscode-radio-group aria-label={t('Over')} value={view.axis} onChange={(event: Event) => { const chosen = axes.find((axis) => axis === valueOf(event)); if (chosen && chosen !== view.axis) onChange({ axis: chosen }); }}>
          {axes.map((axis) => <vscode-radio key={axis} value={axis}>{titles[axis]}</vscode-radio>)}
        </vscode-radio-group>
        {ticked('logX', t('Log x'))}
        {ticked('logY', t('Log y'))}
        {smooths && <label>{t('Smoothing')}<input type="range" min={0} max={SLIDER} step={0.5} value={sliderOf(view.smoothing)} aria-valuetext={view.smoothing === 0 ? t('off') : t('over {0} points', points)} onInput={slid} /></label>}
        <vscode-button appearance="secondary" disabled={!view.zoom} onClick={() => { onChange({ zoom: undefined }); }}>{t('Show all')}</vscode-button>
      </div>
    </div>
  );
}
