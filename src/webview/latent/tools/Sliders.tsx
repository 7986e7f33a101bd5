import { useState } from 'preact/hooks';
import { usePart } from '../../observable';
import { decimal, t } from '../../text';
import type { LatentSession } from '../session';
import { useKl } from '../useKl';
import { dimensionWords } from '../words';

const REACH = 4;
/** Dimensions shown before the others are asked for. */
const FIRST = 24;

/** A slider a dimension of the place looked at, the dimension that says most first. */
export function Sliders({ session }: { readonly session: LatentSession }) {
  const { place } = usePart(session.state, 'place');
  const { kl, order, isPoint } = useKl(session);
  const [all, setAll] = useState(false);
  const slide = (dimension: number) => (event: Event) => {
    if (event.currentTarget instanceof HTMLInputElement) session.state.change({ place: place.map((value, d) => (d === dimension ? Number((event.currentTarget as HTMLInputElement).value) : value)), placeOf: undefined });
  };
  return (
    <section class="sliders" aria-label={t('Dimensions')}>
      <div class="row">
        <h2>{t('Dimensions')} {!isPoint && <span class="unit">{t('by KL divergence')}</span>}</h2>
        <vscode-button appearance="secondary" onClick={() => { session.state.change({ place: place.map(() => 0), placeOf: undefined }); }}>{t('All to 0')}</vscode-button>
      </div>
      <div class="slider-grid">
        {(all ? order : order.slice(0, FIRST)).map((dimension) => (
          <label key={dimension}>
            <span>z{dimension}</span>
            <input type="range" min={-REACH} max={REACH} step={0.05} value={place[dimension] ?? 0} onInput={slide(dimension)} aria-label={dimensionWords(dimension, kl[dimension] ?? 0, isPoint)} />
            <output>{decimal(place[dimension] ?? 0, 2)}</output>
          </label>
        ))}
      </div>
      {!all && order.length > FIRST && <vscode-button appearance="secondary" onClick={() => { setAll(true); }}>{t('Show all {0} dimensions', order.length)}</vscode-button>}
    </section>
  );
}
