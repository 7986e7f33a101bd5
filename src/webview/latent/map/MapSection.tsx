import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { rowOf } from '../../../latent/paths';
import { usePart, useValue, Value } from '../../observable';
import { fromHost, t, whole } from '../../text';
import { encodedWords } from '../words';
import { onMap } from '../projection';
import type { LatentSession } from '../session';
import { cameraOn, type Camera, type Size } from './camera';
import { coloursOf } from './colours';
import { ExampleCard } from './ExampleCard';
import { LegendRow } from './LegendRow';
import { MapToolbar } from './MapToolbar';
import { Scatter, type Mark } from './Scatter';
import type { Mode } from './usePointer';

const HEIGHT = 360;
const none = { places: new Float32Array(0), colours: new Uint8Array(0) };

/** The encoded data as a map: moved, zoomed, looked at, lassoed. */
export function MapSection({ session, runId }: { readonly session: LatentSession; readonly runId: string }) {
  const state = usePart(session.state, 'view', 'colour', 'stops', 'place', 'groups');
  const [info, projection, pulling, error] = [useValue(session.info), useValue(session.projection), useValue(session.pulling), useValue(session.error)];
  const path = useValue(session.path);
  const [mode, setMode] = useState<Mode>('move');
  const [size, setSize] = useState<Size>({ width: 600, height: HEIGHT });
  const camera = useMemo(() => new Value<Camera>(state.view ?? { x: 0, y: 0, scale: 60 }), [session]);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => { setSize({ width: Math.max(200, element.clientWidth), height: Math.min(HEIGHT, Math.max(240, element.clientWidth)) }); };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => { resized.disconnect(); };
  }, []);

  const showAll = (): void => {
    if (projection) camera.set(cameraOn(projection.places, size));
    session.state.change({ view: undefined });
  };
  // Another map is seen whole; the same one, encoded anew, is left where it was moved to.
  const shape = projection && `${projection.kind} ${projection.dims?.join() ?? ''} ${projection.encoded.split} ${projection.isPast ? 'past' : ''} ${projection.kind === 'umap' ? projection.words : ''}`;
  useEffect(() => { if (projection && !state.view) camera.set(cameraOn(projection.places, size)); }, [shape, size, projection && projection.encoded.count, state.view === undefined]);

  const colours = useMemo(() => (projection && info ? coloursOf(projection.encoded, info, state.colour) : undefined), [projection?.encoded, info, state.colour]);
  const marks = useMemo((): Mark[] => {
    if (!projection || projection.isPast) return [];
    const at = (z: readonly number[], kind: Mark['kind']): Mark[] => { const found = onMap(projection, z); return found ? [{ at: found, kind }] : []; };
    return [...state.stops.flatMap((stop) => at(stop.z, 'stop')), ...at(state.place, 'place')];
  }, [projection, state.stops, state.place]);
  const way = useMemo(() => {
    if (!projection || projection.isPast || !path || state.stops.length < 2) return marks.filter(({ kind }) => kind === 'stop').map(({ at }) => at);
    return Array.from({ length: path.length / session.latentDim }, (_, i) => onMap(projection, rowOf(path, session.latentDim, i))).filter((at) => at !== undefined);
  }, [projection, path, marks, session]);
  const summary = projection ? `${encodedWords(projection.encoded)}. ${projection.words}.` : '';
  const lassoed = (indices: readonly number[]): void => {
    if (!projection || indices.length === 0) return;
    const taken = new Set(state.groups.map(({ name }) => name));
    const name = Array.from({ length: taken.size + 1 }, (_, i) => t('Group {0}', i + 1)).find((free) => !taken.has(free)) ?? '';
    session.state.change({ groups: [...state.groups, { name, split: projection.encoded.split, indices: [...indices] }], tool: 'groups' });
  };
  return (
    <section class="map" aria-label={t('Map')}>
      <MapToolbar session={session} mode={mode} onMode={setMode} onAll={showAll} />
      <div ref={box} class="map-box">
        {error !== undefined && <p class="empty" role="alert">{fromHost(error)}</p>}
        {!projection && error === undefined && <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {t('Encoding the data')}</p>}
        {projection && (
          <Scatter places={projection.places} colours={colours?.bytes ?? none.colours} camera={camera} size={size} mode={mode} marks={marks} path={way} summary={summary}
            hovered={(index) => <ExampleCard client={session.store.client} runId={runId} encoded={projection.encoded} info={info} index={index} />}
            onPick={(index) => { if (!projection.isPast) session.goTo(projection.encoded.split, index); }} onLasso={lassoed} onHome={showAll} onMoved={() => { session.state.change({ view: camera.get() }); }} />
        )}
      </div>
      {colours && <LegendRow legend={colours.legend} onGroup={(label) => {
        const labels = projection?.encoded.labels;
        if (labels) lassoed(Array.from(labels.keys()).filter((i) => labels[i] === label));
      }} />}
      <p class="unit" data-testid="map-summary">{summary}{pulling && ` ${t('Encoding {0} of {1}', whole(pulling.done), whole(pulling.of))}`}</p>
    </section>
  );
}
