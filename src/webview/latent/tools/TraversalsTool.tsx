import { useMemo, useState } from 'preact/hooks';
import { Pictures } from '../../images/Pictures';
import { columnsTiled, part } from '../../images/strips';
import { usePart } from '../../observable';
import { decimal, t } from '../../text';
import { Export } from '../Export';
import { Keep } from '../Keep';
import type { LatentSession } from '../session';
import { useDecoded } from '../useDecoded';
import { useKl } from '../useKl';
import { dimensionWords } from '../words';

const STRENGTHS = [-3, -2.25, -1.5, -0.75, 0, 0.75, 1.5, 2.25, 3];
const FIRST = 20;

/** Every dimension by itself, from -3 to 3, the others as they are at the place looked at; the dimension that says most first. */
export function TraversalsTool({ session, name, step }: { readonly session: LatentSession; readonly name: string; readonly step: number }) {
  const { place } = usePart(session.state, 'place');
  const { kl, order, isPoint } = useKl(session);
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<number>();
  const shown = all ? order : order.slice(0, FIRST);
  const z = useMemo(() => Float32Array.from(shown.flatMap((dimension) => STRENGTHS.flatMap((strength) => place.map((value, d) => (d === dimension ? strength : value))))), [shown.join(), place]);
  const strip = useDecoded(session, z, step);
  const rows = useMemo(() => strip && shown.map((_, i) => part(strip, i * STRENGTHS.length, (i + 1) * STRENGTHS.length)), [strip]);
  const most = Math.max(1e-6, ...order.map((dimension) => kl[dimension] ?? 0));
  const kept = chosen ?? shown[0] ?? 0;
  const words = (dimension: number): string => dimensionWords(dimension, kl[dimension] ?? 0, isPoint);
  return (
    <section aria-label={t('Traversals')}>
      <div class="row">
        <h2>{t('Traversals')} <span class="unit">{isPoint ? t('each dimension from -3 to 3') : t('each dimension from -3 to 3, by KL divergence')}</span></h2>
        <div class="toolbar">
          <Export store={session.store} name={`${name}-traversals`} columns={STRENGTHS.length} strip={strip} frames={(all) => columnsTiled(all, STRENGTHS.length)} />
          <Keep session={session} name={`z${kept}`} disabled={!strip} item={() => ({ kind: 'direction', from: place.map((value, d) => (d === kept ? 0 : value)), direction: place.map((_, d) => (d === kept ? 1 : 0)), strengths: STRENGTHS })} />
        </div>
      </div>
      <ul class="traversals" data-testid="traversals">
        {rows && shown.map((dimension, i) => (
          <li key={dimension} class={dimension === kept ? 'chosen' : ''}>
            <button type="button" aria-pressed={dimension === kept} aria-label={t('{0}: choose this row', words(dimension))} onClick={() => { setChosen(dimension); }}>
              <span>z{dimension}</span> {!isPoint && <span class="unit">{decimal(kl[dimension] ?? 0, 2)}</span>}
              {!isPoint && <span class="kl-bar" style={{ width: `${Math.max(2, 100 * (kl[dimension] ?? 0) / most)}%` }} aria-hidden="true" />}
            </button>
            {rows[i] && <Pictures strips={[rows[i]]} columns={STRENGTHS.length} label={words(dimension)} />}
          </li>
        ))}
      </ul>
      {!all && order.length > FIRST && <vscode-button appearance="secondary" onClick={() => { setAll(true); }}>{t('Show all {0} dimensions', order.length)}</vscode-button>}
    </section>
  );
}
