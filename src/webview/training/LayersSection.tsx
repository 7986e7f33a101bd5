import { useMemo } from 'preact/hooks';
import type { Track } from '../../protocol/tracks';
import { curveViewOf } from '../charts/curveView';
import { HeatMap } from '../charts/heat/HeatMap';
import type { HeatData } from '../charts/heat/heatData';
import { useValue } from '../observable';
import type { History } from '../../protocol/shownRun';
import type { Store } from '../store';
import { significant, t, whole } from '../text';

function dataOf({ steps, seconds, columns }: Track, beginning: string): HeatData {
  const rows = [...columns].filter(([name]) => name.startsWith(beginning));
  return { steps, seconds, names: rows.map(([name]) => name.slice(beginning.length)), values: rows.map(([, values]) => values) };
}

/** How far apart the layers are at the newest step: gradients that vanish or explode are seen here first. */
function spread({ names, steps, values }: HeatData): string {
  const now = values.map((row, i) => ({ name: names[i] ?? '', value: row.at(-1) ?? NaN })).filter(({ value }) => Number.isFinite(value)).sort((a, b) => b.value - a.value);
  const [most, least] = [now[0], now.at(-1)];
  if (!most || !least) return t('No points yet.');
  const said = t('Step {0}: {1} in {2}, {3} in {4}', whole(steps.at(-1) ?? 0), significant(most.value), most.name, significant(least.value), least.name);
  return least.value > 0 && now.length > 1 ? t('{0}; {1} to 1', said, significant(most.value / least.value, 2)) : said;
}

/** What updates did to each layer, from the data's end to the output. */
export function LayersSection({ store, history }: { readonly store: Store; readonly history: History }) {
  const view = useValue(curveViewOf(store));
  const [gradients, updates] = useMemo(() => [dataOf(history.tracks.layers, 'gradientNorm:'), dataOf(history.tracks.layers, 'updateRatio:')], [history]);
  if (gradients.steps.length === 0) return null;
  return (
    <section>
      <h2>{t('Layers')} <span class="unit">{t('log scale')}</span></h2>
      <div class="heats" data-testid="layers">
        <HeatMap store={store} title={t('Gradient norm by layer')} data={gradients} view={view} logarithmic show={significant} summary={spread(gradients)} />
        <HeatMap store={store} title={t('Update relative to weights')} data={updates} view={view} logarithmic show={significant} summary={spread(updates)} />
      </div>
    </section>
  );
}
