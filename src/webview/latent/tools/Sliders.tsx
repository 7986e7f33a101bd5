import { useState } from 'preact/hooks';
import { roomyRange } from '../../../latent/prior';
import { usePart, useValue } from '../../observable';
import { decimal, t } from '../../text';
import type { LatentSession } from '../session';
import { useKl } from '../useKl';
import { dimensionWords, orderWords } from '../words';

/** Dimensions shown before the others are asked for. */
const FIRST = 24;

/** A slider a dimension of the place looked at, the dimension that says most first. */
export function Sliders({ session }: { readonly session: LatentSession }) {
  const { place } = usePart(session.state, 'place');
  const known = useKl(session);
  const { kl, order } = known;
  const [low, high] = roomyRange(useValue(session.prior));
  const [all, setAll] = useState(false);
  const slide = (dimension: number) => (event: Event) => {
    if (event.currentTarget instanceof HTMLInputElement) session.state.change({ place: place.map((value, d) => (d === dimension ? Number((event.currentTarget as HTMLInputElement).value) : value)), placeOf: undefined });
  };
  return (
    <section class="sliders" aria-label={t('Dimensions')}>
      <div class="row">
        <h2>{t('Dimensions')} <span class="unit">{orderWords(known)}</span></h2>
        <vscode-button appearance="secondary" onClick={() => { session.state.change({ place: place.map(() => 0), placeOf: undefined }); }}>{t('All to 0')}</vscode-button>
      </div>
      <div class="slider-grid">
        {(all ? order : order.slice(0, FIRST)).map((dimension) => (
          <label key={dimension}>
            <span>z{dimension}</span>
            <input type="range" min={low} max={high} step={(high - low) / 160} value={place[dimension] ?? 0} onInput={slide(dimension)} aria-label={dimensionWords(dimension, kl?.[dimension])} />
            <output>{decimal(place[dimension] ?? 0, 2)}</output>
          </label>
        ))}
      </div>
      {!all && order.length > FIRST && <vscode-button appearance="secondary" onClick={() => { setAll(true); }}>{t('Show all {0} dimensions', order.length)}</vscode-button>}
    </section>
  );
}
