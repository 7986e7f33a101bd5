import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { pointsInside } from '../../../latent/polygon';
import { useValue, type Value } from '../../observable';
import { t } from '../../text';
import { toMap, toScreen, type Camera, type Size } from './camera';
import { Picker } from './picker';
import { useKeys } from './useKeys';
import { useLayer } from './useLayer';
import { usePointer, type Mode } from './usePointer';

type At = readonly [number, number];
/** Something marked on the map. */
export interface Mark { readonly at: At; readonly kind: 'place' | 'stop' }
interface ScatterProps {
  readonly places: Float32Array;
  readonly colours: Uint8Array;
  readonly camera: Value<Camera>;
  readonly size: Size;
  readonly mode: Mode;
  readonly marks: readonly Mark[];
  /** Of the path chosen, on the map. */
  readonly path: readonly At[];
  readonly summary: string;
  /** What is under the pointer or the cross, said and shown. */
  hovered(index: number): ComponentChildren;
  onPick(index: number): void;
  onLasso(indices: readonly number[]): void;
  onHome(): void;
  onMoved(): void;
}
/** A point this near, in pixels, is meant. */
const REACH = 14;

/** A map of points, to be moved, zoomed, picked from and lassoed by hand or by keyboard. */
export function Scatter({ places, colours, camera, size, mode, marks, path, summary, hovered, onPick, onLasso, onHome, onMoved }: ScatterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<{ index: number; at: At }>();
  const [lasso, setLasso] = useState<readonly At[]>([]);
  const picker = useMemo(() => new Picker(places), [places]);
  useEffect(() => { setOver(undefined); }, [places]);
  useLayer(canvas, { places, colours, camera, size });

  const under = (at: At): number | undefined => picker.at(...toMap(camera.get(), size, at), REACH / camera.get().scale);
  const look = (at: At | undefined): void => {
    const index = at && under(at);
    setOver((before) => (index === undefined || !at ? undefined : before?.index === index ? before : { index, at: toScreen(camera.get(), size, [places[2 * index] ?? 0, places[2 * index + 1] ?? 0]) }));
  };
  const draw = (corners: readonly At[], done: boolean): void => {
    setLasso(done ? [] : [...corners]);
    if (done && corners.length > 2) onLasso(pointsInside(places, corners.flatMap((corner) => toMap(camera.get(), size, corner))));
  };
  const pick = (at: At): void => { const index = under(at); if (index !== undefined) onPick(index); };
  const { onWheel, ...pointer } = usePointer({ camera, size, mode, onHover: look, onPick: pick, onLasso: draw, onMoved });
  const { cross, ...keys } = useKeys({ camera, size, onCross: look, onPick: pick, onLasso: draw, onHome, onMoved });
  const wheel = useRef(onWheel);
  wheel.current = onWheel;
  useLayoutEffect(() => { // a listener of an attribute is passive: it could not keep the page from scrolling
    const element = top.current;
    const turned = (event: WheelEvent): void => { wheel.current(event); };
    element?.addEventListener('wheel', turned, { passive: false });
    return () => { element?.removeEventListener('wheel', turned); };
  }, []);

  return (
    <div class="map-points" style={{ height: `${size.height}px` }}>
      <canvas ref={canvas} aria-hidden="true" data-testid="map-points" data-points={places.length / 2} style={{ width: `${size.width}px`, height: `${size.height}px` }} />
      <div ref={top} class={`map-hand ${mode}`} data-testid="map" role="application" tabindex={0} aria-label={t('Map of the latent space')} aria-roledescription={t('scatter plot')}
        aria-description={`${summary} ${t('Arrow keys move a cross, Enter looks at the example under it, L sets a corner of a lasso and G closes it, + and - zoom, Home shows all.')}`} {...pointer} {...keys}>
        <Overlay camera={camera} size={size} marks={marks} path={path} lasso={lasso} cross={cross} over={over?.at} />
      </div>
      {over && (
        <div class="map-card" role="status" style={{ [over.at[0] < size.width / 2 ? 'left' : 'right']: `${(over.at[0] < size.width / 2 ? over.at[0] : size.width - over.at[0]) + 12}px`, [over.at[1] < size.height / 2 ? 'top' : 'bottom']: `${(over.at[1] < size.height / 2 ? over.at[1] : size.height - over.at[1]) + 12}px` }}>
          {hovered(over.index)}
        </div>
      )}
    </div>
  );
}

interface OverlayProps { readonly camera: Value<Camera>; readonly size: Size; readonly marks: readonly Mark[]; readonly path: readonly At[]; readonly lasso: readonly At[]; readonly cross: At | undefined; readonly over: At | undefined }
function Overlay({ camera, size, marks, path, lasso, cross, over }: OverlayProps) {
  const seen = useValue(camera);
  const points = (corners: readonly At[]): string => corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const on = (at: At): At => toScreen(seen, size, at);
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${size.width} ${size.height}`}>
      {path.length > 1 && <polyline class="way" points={points(path.map(on))} />}
      {marks.map(({ at, kind }, i) => { const [x, y] = on(at); return <circle key={i} class={kind} cx={x} cy={y} r={kind === 'place' ? 7 : 5} />; })}
      {lasso.length > 0 && <polygon class="lasso" points={points(lasso)} />}
      {over && <circle class="over" cx={over[0]} cy={over[1]} r={8} />}
      {cross && <path class="cross" d={`M${cross[0] - 9} ${cross[1]}h18M${cross[0]} ${cross[1] - 9}v18`} />}
    </svg>
  );
}
