import { useMemo, useRef } from 'preact/hooks';
import { Pictures } from '../../images/Pictures';
import { usePart, useValue } from '../../observable';
import { decimal, t } from '../../text';
import { Choice, dimensionOptions } from '../Choice';
import type { LatentSession } from '../session';

/** Standard deviations of the prior to either side. */
const REACH = 3;
const KEY_STEP = 0.1;
const KEY_LEAP = 1;
/** Dots are this many of the encoded examples. */
const DOTS = 200;
interface Point { readonly x: number; readonly y: number }
const clamp = (value: number): number => Math.min(REACH, Math.max(-REACH, value));
const moves: Readonly<Record<string, Point>> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: 1 }, ArrowDown: { x: 0, y: -1 } };

/** Two dimensions of the place looked at: dragging decodes what is under the pointer. Dots are examples' posterior means. */
export function Pad({ session }: { readonly session: LatentSession }) {
  const { place, padDims: dims } = usePart(session.state, 'place', 'padDims');
  const [encoded, picture] = [useValue(session.encoded), useValue(session.decoded)];
  const map = useRef<SVGSVGElement>(null);
  const at: Point = { x: place[dims[0]] ?? 0, y: place[dims[1]] ?? 0 };
  const go = ({ x, y }: Point): void => { session.state.change({ place: place.map((value, d) => (d === dims[0] ? x : d === dims[1] ? y : value)), placeOf: undefined }); };

  const follow = (event: PointerEvent): void => {
    const box = map.current?.getBoundingClientRect();
    if (!box || event.buttons !== 1) return;
    go({ x: clamp(((event.clientX - box.left) / box.width * 2 - 1) * REACH), y: clamp((1 - (event.clientY - box.top) / box.height * 2) * REACH) });
  };
  const press = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    const by = event.shiftKey ? KEY_LEAP : KEY_STEP;
    if (event.key === 'Home') go({ x: 0, y: 0 });
    else if (move) go({ x: clamp(at.x + move.x * by), y: clamp(at.y + move.y * by) });
    else return;
    event.preventDefault();
  };
  const choose = (axis: 0 | 1) => (chosen: string) => { session.state.change({ padDims: axis === 0 ? [Number(chosen), dims[1]] : [dims[0], Number(chosen)] }); };
  // Elements that stay the same object are passed over when a drag draws the pad anew.
  const dots = useMemo(() => Array.from({ length: Math.min(DOTS, encoded?.count ?? 0) }, (_, i) =>
    <circle key={i} class="dot" cx={encoded?.means[i * encoded.size + dims[0]] ?? 0} cy={-(encoded?.means[i * encoded.size + dims[1]] ?? 0)} r={0.045} />), [encoded, dims[0], dims[1]]);
  const options = useMemo(() => dimensionOptions(session.latentDim), [session]);
  const words = t('z{0} = {1}, z{2} = {3}', dims[0], decimal(at.x, 2), dims[1], decimal(at.y, 2));
  return (
    <section class="pad">
      <div class="row">
        <h2>{t('Latent pad')} <span class="unit">{words}</span></h2>
        <div class="toolbar">
          <Choice label={t('across')} value={String(dims[0])} options={options} onChoose={choose(0)} />
          <Choice label={t('up')} value={String(dims[1])} options={options} onChoose={choose(1)} />
        </div>
      </div>
      <div class="pad-body">
        <svg ref={map} data-testid="pad" role="application" tabindex={0} aria-label={t('Latent pad')} aria-roledescription={t('two-dimensional slider')} aria-description={t('Arrow keys move, with Shift farther, Home to the middle. {0}', words)}
          viewBox={`${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`} onKeyDown={press}
          onPointerDown={(event) => { map.current?.setPointerCapture(event.pointerId); map.current?.focus(); follow(event); }} onPointerMove={follow}>
          {[1, 2, 3].map((radius) => <circle key={radius} class="ring" r={radius} />)}
          <line class="ring" x1={-REACH} x2={REACH} y1={0} y2={0} />
          <line class="ring" y1={-REACH} y2={REACH} x1={0} x2={0} />
          {dots}
          <circle class="handle" cx={clamp(at.x)} cy={-clamp(at.y)} r={0.16} />
        </svg>
        <div class="pad-picture">{picture && <Pictures strips={[picture]} columns={1} label={t('Decoded at {0}', words)} testId="pad-image" />}</div>
      </div>
      <p class="unit">{t('Drag, or use the arrow keys. Rings are 1, 2 and 3 standard deviations of the prior; dots are encoded examples.')}</p>
    </section>
  );
}
