import { useMemo } from 'preact/hooks';
import { partInWords } from '../../protocol/parts';
import type { MetricPoint } from '../../protocol/run';
import { MAX_COMPARED, type ComparedRun } from '../../protocol/runsApi';
import { Pictures } from '../images/Pictures';
import { useValue } from '../observable';
import { decimal, t, whole } from '../text';
import { nameOf } from './columns';
import { runColour, runDash } from './marks';
import { OverlayChart } from './OverlayChart';
import { partNames } from './overlay';
import type { RunsSession } from './session';
import { shortId } from './words';

const loss = (point: MetricPoint): number => point.loss;

/** Why pictures of runs are not of the same things; undefined where they are. */
function unlike(runs: readonly ComparedRun[]): string | undefined {
  const [first] = runs;
  if (runs.some(({ fingerprint }) => fingerprint !== first?.fingerprint)) return t('These runs were trained on different data: their examples are not the same.');
  if (runs.some(({ latentDim, samplesSeed }) => latentDim !== first?.latentDim || samplesSeed !== first.samplesSeed)) return t('These runs show samples of different z: of other seeds, or in spaces of other sizes.');
  return undefined;
}

function Line({ index }: { readonly index: number }) {
  return <svg class="line" width="26" height="8" aria-hidden="true"><line x1="0" y1="4" x2="26" y2="4" stroke={runColour(index)} stroke-width="2" stroke-dasharray={runDash(index).join(' ')} /></svg>;
}

/** The selected runs side by side: curves, reconstructions of the same examples, samples of the same z; manifests and sources in the editor's own diff. */
export function Compare({ session }: { readonly session: RunsSession }) {
  const { rows, selected, compared } = useValue(session.state);
  const quantities = useMemo(() => partNames(compared).map((name) => [name, (point: MetricPoint) => point.parts[name]] as const), [partNames(compared).join()]);
  const ids = [...selected];
  const [left, right] = ids;
  const label = (id: string): string => { const row = rows.find((one) => one.id === id); return `${row ? nameOf(row) : id} ${shortId(id)}`; };
  const pair = ids.length === 2 && left !== undefined && right !== undefined ? { left, right } : undefined;
  const note = unlike(compared);
  return (
    <section aria-label={t('Selected runs')} data-testid="compare" data-runs={compared.length}>
      <div class="row">
        <h2>{t('{0} selected', ids.length)}</h2>
        <div class="toolbar" role="toolbar" aria-label={t('Selected runs')}>
          <vscode-button appearance="secondary" disabled={!pair} onClick={() => { if (pair) void session.ask('diffRuns', { ...pair, what: 'manifest' }); }}>{t('Compare manifests')}</vscode-button>
          <vscode-button appearance="secondary" disabled={!pair} onClick={() => { if (pair) void session.ask('diffRuns', { ...pair, what: 'source' }); }}>{t('Compare model files')}</vscode-button>
          <vscode-button appearance="secondary" onClick={() => { void session.delete(ids); }}>{t('Delete')}</vscode-button>
          <vscode-button appearance="secondary" onClick={() => { session.unselect(); }}>{t('Select none')}</vscode-button>
        </div>
      </div>
      {ids.length === 1 && <p class="unit">{t('Select another run to see both side by side.')}</p>}
      {ids.length > MAX_COMPARED && <p class="unit">{t('The first {0} are shown.', MAX_COMPARED)}</p>}
      {compared.length > 0 && (
        <>
          <ul class="legend">
            {compared.map(({ id, points }, i) => { const last = points.filter(({ split }) => split === 'test').at(-1) ?? points.at(-1); return <li key={id}><Line index={i} /> {label(id)}{last && <span class="unit"> {t('{0} nats at step {1}', decimal(last.loss), whole(last.step))}</span>}</li>; })}
          </ul>
          <div class="overlays">
            <OverlayChart title={t('Loss')} runs={compared} quantity={loss} />
            {quantities.map(([name, quantity]) => <OverlayChart key={name} title={partInWords(name)} runs={compared} quantity={quantity} />)}
          </div>
          {note !== undefined && <p class="unit" role="note">{note}</p>}
          <div class="beside">
            {compared.map(({ id, images }, i) => (
              <figure key={id}>
                <figcaption><Line index={i} /> {label(id)}</figcaption>
                {images ? (
                  <>
                    <Pictures strips={[images.originals, images.reconstructions]} columns={images.originals.count} label={t('{0}: {1} held-out examples above their reconstructions', label(id), images.originals.count)} />
                    <Pictures strips={[images.samples]} columns={8} label={t('{0}: {1} samples', label(id), images.samples.count)} />
                  </>
                ) : <p class="empty">{t('This run has no pictures.')}</p>}
              </figure>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
