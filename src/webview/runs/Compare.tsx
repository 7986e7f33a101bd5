import { useMemo } from 'preact/hooks';
import { MAX_COMPARED } from '../../protocol/runsApi';
import type { Range } from '../../protocol/alongAxis';
import { CurveControls } from '../charts/CurveControls';
import { Pictures } from '../images/Pictures';
import { useValue } from '../observable';
import { decimal, t, whole } from '../text';
import { partTitle, partUnit } from '../training/partTitle';
import { nameOf } from './columns';
import { LineMark } from './LineMark';
import { OverlayChart } from './OverlayChart';
import { newestOf, overlaid, partNames, type Beside } from './overlay';
import type { RunsSession } from './session';
import { shortId } from './words';

/** Why pictures of runs are not of the same things; undefined where they are. */
function unlike(runs: readonly Beside[]): string | undefined {
  const [first] = runs;
  if (runs.some(({ fingerprint }) => fingerprint !== first?.fingerprint)) return t('These runs were trained on different data: their examples are not the same.');
  if (runs.some(({ latentDim, samplesSeed }) => latentDim !== first?.latentDim || samplesSeed !== first.samplesSeed)) return t('These runs show samples of different z: of other seeds, or in spaces of other sizes.');
  return undefined;
}

/** The selected runs side by side: curves, reconstructions of the same examples, samples of the same z; manifests and sources in the editor's own diff. */
export function Compare({ session }: { readonly session: RunsSession }) {
  const { rows, selected, compared, closer, view } = useValue(session.state);
  const ids = [...selected];
  const [left, right] = ids;
  const label = (id: string): string => { const row = rows.find((one) => one.id === id); return `${row ? nameOf(row) : id} ${shortId(id)}`; };
  const pair = ids.length === 2 && left !== undefined && right !== undefined ? { left, right } : undefined;
  const note = unlike(compared);
  const names = compared.map(({ id }) => label(id));
  const ends = useMemo(() => overlaid(compared, 'loss').lines.map(newestOf), [compared]);
  const shared = { owner: session, runs: compared, closer, allRuns: () => session.allCompared(), names, view, onZoom: (zoom: Range | undefined) => { session.changeView({ zoom }); } };
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
            {compared.map(({ id }, i) => { const last = ends[i]; return <li key={id}><LineMark index={i} /> {names[i]}{last && <span class="unit"> {t('{0} nats at step {1}', decimal(last.value), whole(last.step))}</span>}</li>; })}
          </ul>
          <CurveControls title={t('Curves')} view={view} onChange={(change) => { session.changeView(change); }} />
          <div class="overlays">
            <OverlayChart {...shared} title={t('Loss')} unit={t('nats')} quantity="loss" />
            {partNames(compared).map((name) => <OverlayChart key={name} {...shared} title={partTitle(name)} unit={partUnit(name)} quantity={`part:${name}`} />)}
          </div>
          {note !== undefined && <p class="unit" role="note">{note}</p>}
          <div class="beside">
            {compared.map(({ id, images }, i) => (
              <figure key={id}>
                <figcaption><LineMark index={i} /> {names[i]}</figcaption>
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
