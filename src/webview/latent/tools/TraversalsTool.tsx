import { useMemo, useState } from 'preact/hooks';
import { Pictures } from '../../images/Pictures';
import { part } from '../../../protocol/images';
import { columnsTiled } from '../../images/strips';
import { priorRange } from '../../../latent/prior';
import { usePart, useValue } from '../../observable';
import { decimal, t } from '../../text';
import { Export } from '../Export';
import { Keep } from '../Keep';
import type { LatentSession } from '../session';
import { useDecoded } from '../useDecoded';
import { useKl } from '../useKl';
import { dimensionWords, jointWords, orderWords } from '../words';

const FRAMES = 9;
const FIRST = 20;

/** Every dimension by itself, over the prior's range, the others as they are at the place looked at; the dimension that says most first. */
export function TraversalsTool({ session, name, step }: { readonly session: LatentSession; readonly name: string; readonly step: number }) {
  const { place } = usePart(session.state, 'place');
  const known = useKl(session);
  const { kl, order, isJoint } = known;
  const prior = useValue(session.prior);
  const [low, high] = useMemo(() => priorRange(prior), [prior]);
  const strengths = useMemo(() => Array.from({ length: FRAMES }, (_, i) => low + i * (high - low) / (FRAMES - 1)), [low, high]);
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<number>();
  const shown = all ? order : order.slice(0, FIRST);
  const z = useMemo(() => Float32Array.from(shown.flatMap((dimension) => strengths.flatMap((strength) => place.map((value, d) => (d === dimension ? strength : value))))), [shown.join(), place, strengths]);
  const strip = useDecoded(session, z, step);
  const rows = useMemo(() => strip && shown.map((_, i) => part(strip, i * FRAMES, (i + 1) * FRAMES)), [strip]);
  const most = Math.max(1e-6, ...order.map((dimension) => kl?.[dimension] ?? 0));
  const kept = chosen ?? shown[0] ?? 0;
  const words = (dimension: number): string => dimensionWords(dimension, kl?.[dimension]);
  return (
    <section aria-label={t('Traversals')}>
      <div class="row">
        <h2>{t('Traversals')} <span class="unit">{[t('each dimension from {0} to {1}', decimal(low), decimal(high)), orderWords(known)].filter((words) => words !== '').join(', ')}</span></h2>
        <div class="toolbar">
          <Export store={session.store} name={`${name}-traversals`} columns={FRAMES} strip={strip} frames={(all) => columnsTiled(all, FRAMES)} />
          <Keep session={session} name={`z${kept}`} disabled={!strip} item={() => ({ kind: 'direction', from: place.map((value, d) => (d === kept ? 0 : value)), direction: place.map((_, d) => (d === kept ? 1 : 0)), strengths })} />
        </div>
      </div>
      {isJoint && <p class="unit">{jointWords()}</p>}
      <ul class="traversals" data-testid="traversals">
        {rows && shown.map((dimension, i) => (
          <li key={dimension} class={dimension === kept ? 'chosen' : ''}>
            <button type="button" aria-pressed={dimension === kept} aria-label={t('{0}: choose this row', words(dimension))} onClick={() => { setChosen(dimension); }}>
              <span>z{dimension}</span> {kl && <span class="unit">{decimal(kl[dimension] ?? 0, 2)}</span>}
              {kl && <span class="kl-bar" style={{ width: `${Math.max(2, 100 * (kl[dimension] ?? 0) / most)}%` }} aria-hidden="true" />}
            </button>
            {rows[i] && <Pictures strips={[rows[i]]} columns={FRAMES} label={words(dimension)} />}
          </li>
        ))}
      </ul>
      {!all && order.length > FIRST && <vscode-button appearance="secondary" onClick={() => { setAll(true); }}>{t('Show all {0} dimensions', order.length)}</vscode-button>}
    </section>
  );
}
