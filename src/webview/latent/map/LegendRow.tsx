import { t, whole } from '../../text';
import type { Legend } from './colours';

/** What the colours of the map mean; a class makes a group. */
export function LegendRow({ legend, onGroup }: { readonly legend: Legend; onGroup(label: number): void }) {
  switch (legend.kind) {
    case 'one': return null;
    case 'ramp': return (
      <p class="legend ramp unit"><span>{legend.low}</span><span class="ramp-bar" style={{ background: `linear-gradient(to right, ${legend.colours.join(', ')})` }} aria-hidden="true" /><span>{legend.high} {legend.unit}</span></p>
    );
    case 'classes': return (
      <div class="legend" role="group" aria-label={t('Labels')}>
        {legend.classes.map(({ label, colour, count }) => (
          <button key={label} type="button" title={t('Make a group of label {0}', label)} aria-label={t('label {0}, {1} examples: make a group', label, whole(count))} onClick={() => { onGroup(label); }}>
            <span class="swatch" style={{ background: colour }} aria-hidden="true" />{label}
          </button>
        ))}
      </div>
    );
  }
}
