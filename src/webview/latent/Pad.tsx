import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { Pictures } from '../images/Pictures';
import { valueOf } from '../kit';
import type { Store } from '../store';
import { decimal, t } from '../text';
import { latestOnly } from './latestOnly';

/** Standard deviations of the prior to either side. */
const REACH = 3;
const KEY_STEP = 0.1;
const KEY_LEAP = 1;
interface Point { readonly x: number; readonly y: number }
const clamp = (value: number): number => Math.min(REACH, Math.max(-REACH, value));
const moves: Readonly<Record<string, Point>> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: 1 }, ArrowDown: { x: 0, y: -1 } };

interface PadProps { readonly store: Store; readonly runId: string; readonly latentDim: number; readonly base: Float32Array; readonly means: Float32Array }

/** A map of two latent dimensions: dragging decodes the place under the pointer. Dots are held-out examples' posterior means. */
export function Pad({ store, runId, latentDim, base, means }: PadProps) {
  const [dims, setDims] = useState<readonly [number, number]>([0, Math.min(1, latentDim - 1)]);
  const [at, setAt] = useState<Point>({ x: 0, y: 0 });
  const [picture, setPicture] = useState<ImageStrip>();
  const map = useRef<SVGSVGElement>(null);
  const decode = useMemo(() => latestOnly(async (z: Float32Array) => {
    try {
      setPicture(await store.client.request('decode', { z }));
    } catch (error) {
      store.fail(error);
    }
  }), [store, runId]);
  // From the example chosen, or from the prior's mean.
  useEffect(() => { setAt({ x: clamp(base[dims[0]] ?? 0), y: clamp(base[dims[1]] ?? 0) }); }, [base, dims]);
  // At once, not after the next frame as an effect would: that frame is part of what a hand feels.
  useLayoutEffect(() => {
    const z = Float32Array.from(base);
    z[dims[0]] = at.x;
    z[dims[1]] = at.y;
    decode(z);
  }, [decode, base, dims, at]);

  const follow = (event: PointerEvent): void => {
    const box = map.current?.getBoundingClientRect();
    if (!box || event.buttons !== 1) return;
    setAt({ x: clamp(((event.clientX - box.left) / box.width * 2 - 1) * REACH), y: clamp((1 - (event.clientY - box.top) / box.height * 2) * REACH) });
  };
  const press = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (event.key === 'Home') setAt({ x: 0, y: 0 });
    else if (move) setAt(({ x, y }) => { const by = event.shiftKey ? KEY_LEAP : KEY_STEP; return { x: clamp(x + move.x * by), y: clamp(y + move.y * by) }; });
    else return;
    event.preventDefault();
  };
  const choose = (axis: 0 | 1) => (event: Event) => { const chosen = Number(valueOf(event)); setDims(axis === 0 ? [chosen, dims[1]] : [dims[0], chosen]); };
  // Elements that stay the same object are passed over when a drag draws the pad anew.
  const dots = useMemo(() => Array.from({ length: Math.floor(means.length / latentDim) }, (_, i) =>
    <circle key={i} class="dot" cx={means[i * latentDim + dims[0]] ?? 0} cy={-(means[i * latentDim + dims[1]] ?? 0)} r={0.045} />), [means, latentDim, dims]);
  const options = useMemo(() => Array.from({ length: latentDim }, (_, i) => <vscode-option key={i} value={String(i)}>{`z${i}`}</vscode-option>), [latentDim]);
  const place = t('z{0} = {1}, z{2} = {3}', dims[0], decimal(at.x, 2), dims[1], decimal(at.y, 2));
  return (
    <section class="pad">
      <div class="row">
        <h2>{t('Latent pad')} <span class="unit">{place}</span></h2>
        <div class="toolbar">
          <label>{t('across')} <vscode-dropdown aria-label={t('Dimension across')} current-value={String(dims[0])} onChange={choose(0)}>{options}</vscode-dropdown></label>
          <label>{t('up')} <vscode-dropdown aria-label={t('Dimension up')} current-value={String(dims[1])} onChange={choose(1)}>{options}</vscode-dropdown></label>
        </div>
      </div>
      <div class="pad-body">
        <svg ref={map} data-testid="pad" role="application" tabindex={0} aria-label={t('Latent pad')} aria-roledescription={t('two-dimensional slider')} aria-description={t('Arrow keys move, with Shift farther, Home to the middle. {0}', place)}
          viewBox={`${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`} onKeyDown={press}
          onPointerDown={(event) => { map.current?.setPointerCapture(event.pointerId); map.current?.focus(); follow(event); }} onPointerMove={follow}>
          {[1, 2, 3].map((radius) => <circle key={radius} class="ring" r={radius} />)}
          <line class="ring" x1={-REACH} x2={REACH} y1={0} y2={0} />
          <line class="ring" y1={-REACH} y2={REACH} x1={0} x2={0} />
          {dots}
          <circle class="handle" cx={at.x} cy={-at.y} r={0.16} />
        </svg>
        <div class="pad-picture">{picture && <Pictures strips={[picture]} columns={1} label={t('Decoded at {0}', place)} testId="pad-image" />}</div>
      </div>
      <p class="unit">{t('Drag, or use the arrow keys. Rings are 1, 2 and 3 standard deviations of the prior; dots are held-out examples.')}</p>
    </section>
  );
}
