import { useEffect, useMemo, useState } from 'preact/hooks';
import { priorQuantile, type PriorShape } from '../../../latent/prior';
import type { Plane } from '../../../latent/principal';
import { Pictures } from '../../images/Pictures';
import { usePart, useValue } from '../../observable';
import { t } from '../../text';
import { Choice, dimensionOptions } from '../Choice';
import { Export } from '../Export';
import type { LatentSession } from '../session';
import { useDecoded } from '../useDecoded';

const SIDES = [8, 12, 15, 20, 24];
/** The principal plane, and the data's standard deviations along it. */
interface Spread { readonly plane: Plane; readonly deviations: readonly [number, number] }
const moves: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A grid of places decoded: at even shares of the prior over two dimensions (Kingma & Welling 2014, figure 4), or over the data's principal plane. */
export function ManifoldTool({ session, name, step }: { readonly session: LatentSession; readonly name: string; readonly step: number }) {
  const { manifold, place } = usePart(session.state, 'manifold', 'place');
  const [encoded, prior] = [useValue(session.encoded), useValue(session.prior)];
  const { plane, dims, side } = manifold;
  const [spread, setSpread] = useState<Spread>();
  const [base] = useState(place); // the grid stands still when one of its places is looked at
  const [cell, setCell] = useState<readonly [number, number]>();
  useEffect(() => {
    if (plane !== 'principal' || !encoded) return undefined;
    let current = true;
    session.computer().request('principal', {}).then(({ plane: found, places }) => {
      const deviation = (axis: 0 | 1): number => Math.sqrt(places.reduce((sum, value, i) => (i % 2 === axis ? sum + value * value : sum), 0) / encoded.count);
      if (current) setSpread({ plane: found, deviations: [deviation(0), deviation(1)] });
    }, (error: unknown) => { session.store.fail(error); });
    return () => { current = false; };
  }, [plane, encoded, session]);
  const z = useMemo(() => gridOf(base, session.latentDim, manifold, spread, prior), [base, session, manifold, spread, prior]);
  const strip = useDecoded(session, z, step);
  const change = (part: Partial<typeof manifold>): void => { session.state.change({ manifold: { ...manifold, ...part } }); };
  const go = (column: number, row: number): void => {
    const at = [Math.min(side - 1, Math.max(0, column)), Math.min(side - 1, Math.max(0, row))] as const;
    setCell(at);
    if (z) session.state.change({ place: Array.from(z.subarray((at[1] * side + at[0]) * session.latentDim, (at[1] * side + at[0] + 1) * session.latentDim)), placeOf: undefined });
  };
  const point = (event: PointerEvent): void => {
    if (!(event.currentTarget instanceof Element) || event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    go(Math.floor((event.clientX - box.left) / box.width * side), Math.floor((event.clientY - box.top) / box.height * side));
  };
  const press = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const [column, row] = cell ?? [Math.floor(side / 2), Math.floor(side / 2)];
    go(column + move[0], row + move[1]);
  };
  const options = dimensionOptions(session.latentDim);
  return (
    <section aria-label={t('Manifold')}>
      <div class="row">
        <h2>{t('Manifold')} <span class="unit">{plane === 'dimensions' ? t('even shares of the prior over two dimensions') : t('two deviations of the data to each side of its mean')}</span></h2>
        <div class="toolbar">
          <Choice label={t('plane')} value={plane} options={[{ value: 'dimensions', name: t('two dimensions') }, { value: 'principal', name: t('PCA') }]} onChoose={(chosen) => { change({ plane: chosen }); }} />
          {plane === 'dimensions' && <Choice label={t('across')} value={String(dims[0])} options={options} onChoose={(chosen) => { change({ dims: [Number(chosen), dims[1]] }); }} />}
          {plane === 'dimensions' && <Choice label={t('up')} value={String(dims[1])} options={options} onChoose={(chosen) => { change({ dims: [dims[0], Number(chosen)] }); }} />}
          <Choice label={t('side')} value={String(side)} options={SIDES.map((count) => ({ value: String(count), name: String(count) }))} onChoose={(count) => { change({ side: Number(count) }); }} />
        </div>
      </div>
      {strip ? (
        <div class="manifold" role="application" tabindex={0} data-testid="manifold" aria-label={t('Manifold of {0} by {0} pictures', side)} aria-description={t('Arrow keys choose a picture; its place is then the one looked at.')} onPointerDown={point} onPointerMove={point} onKeyDown={press}>
          <Pictures strips={[strip]} columns={side} label="" />
          {cell && <span class="cell" style={{ left: `${100 * cell[0] / side}%`, top: `${100 * cell[1] / side}%`, width: `${100 / side}%`, height: `${100 / side}%` }} aria-hidden="true" />}
        </div>
      ) : <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {t('Decoding')}</p>}
      <div class="toolbar"><Export store={session.store} name={`${name}-manifold`} columns={side} strip={strip} still /></div>
    </section>
  );
}

/** [side * side, size], the uppermost row first. */
function gridOf(base: readonly number[], size: number, { plane, dims, side }: { plane: 'dimensions' | 'principal'; dims: readonly [number, number]; side: number }, spread: Spread | undefined, prior: PriorShape): Float32Array | undefined {
  if (plane === 'principal' && !spread) return undefined;
  const z = new Float32Array(side * side * size);
  const shares = Array.from({ length: side }, (_, i) => (i + 0.5) / side);
  const across = shares.map((share) => priorQuantile(prior, dims[0], share));
  const up = shares.map((share) => priorQuantile(prior, dims[1], 1 - share));
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * size;
      const [x, y] = [(column + 0.5) / side, 1 - (row + 0.5) / side];
      if (plane === 'dimensions' || !spread) {
        z.set(base, at);
        z[at + dims[0]] = across[column] ?? 0;
        z[at + dims[1]] = up[row] ?? 0;
      } else {
        const { plane: { mean, axes }, deviations } = spread;
        for (let d = 0; d < size; d++) z[at + d] = (mean[d] ?? 0) + 4 * (x - 0.5) * deviations[0] * (axes[d] ?? 0) + 4 * (y - 0.5) * deviations[1] * (axes[size + d] ?? 0);
      }
    }
  }
  return z;
}
