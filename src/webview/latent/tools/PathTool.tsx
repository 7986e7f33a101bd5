import { norm, rowOf } from '../../../latent/paths';
import type { LatentItem } from '../../../spec/latentItem';
import { usePart, useValue } from '../../observable';
import { decimal, t, whole } from '../../text';
import { Choice } from '../Choice';
import { useExamples } from '../examples';
import { Export } from '../Export';
import { Keep } from '../Keep';
import type { LatentSession } from '../session';
import { useDecoded } from '../useDecoded';
import { Frames } from './Frames';
import { Stops } from './Stops';
import { useNearest, usePath } from './usePath';

const FRAMES = [5, 8, 11, 16, 24];

/** A path through two or more places, decoded; under each frame its norm and the example nearest to it. */
export function PathTool({ session, runId, name, step }: { readonly session: LatentSession; readonly runId: string; readonly name: string; readonly step: number }) {
  const { stops, along, frames, split } = usePart(session.state, 'stops', 'along', 'frames', 'split');
  const encoded = useValue(session.encoded);
  const path = usePath(session);
  const strip = useDecoded(session, path, step);
  const nearest = useNearest(session, path);
  const neighbours = useExamples(session.store.client, runId, encoded?.split ?? split, nearest ? Array.from(nearest.indices) : []);
  const add = (): void => {
    if (!encoded) return;
    const wanted = stops.length === 0 ? 2 : 1;
    const added = Array.from({ length: wanted }, (_, i) => (stops.length === 0 ? Math.min(i, encoded.count - 1) : Math.floor(Math.random() * encoded.count)));
    session.state.change({ stops: [...stops, ...added.map((index) => ({ z: session.meanOf(index), example: { split: encoded.split, index } }))] });
  };
  const item = (): LatentItem | undefined => {
    if (!path) return undefined;
    if (along !== 'data') return { kind: 'path', through: stops.map(({ z }) => z), steps: frames, along };
    return { kind: 'path', through: Array.from({ length: frames }, (_, i) => Array.from(rowOf(path, session.latentDim, i))), steps: frames, along: 'line' }; // as it was found: the data is not in the code
  };
  const under = (i: number): string => (nearest && encoded ? t('norm {0}, {1} from {2}', decimal(norm(rowOf(path ?? new Float32Array(0), session.latentDim, i)), 2), decimal(nearest.distances[i] ?? 0, 2), whole((nearest.indices[i] ?? 0) + 1)) : '');
  return (
    <section aria-label={t('Interpolation')}>
      <div class="row">
        <h2>{t('Interpolation')}</h2>
        <div class="toolbar">
          <Choice label={t('along')} value={along} options={[{ value: 'line', name: t('a line') }, { value: 'greatCircle', name: t('a great circle') }, { value: 'data', name: t('the data') }]} onChoose={(chosen) => { session.state.change({ along: chosen }); }} />
          <Choice label={t('frames')} value={String(frames)} options={FRAMES.map((count) => ({ value: String(count), name: String(count) }))} onChoose={(count) => { session.state.change({ frames: Number(count) }); }} />
          <vscode-button appearance="secondary" disabled={!encoded} onClick={add}>{stops.length === 0 ? t('Between Two Examples') : t('Add an Example')}</vscode-button>
          {stops.length > 0 && <vscode-button appearance="secondary" onClick={() => { session.state.change({ stops: [] }); }}>{t('Clear')}</vscode-button>}
        </div>
      </div>
      <Stops session={session} runId={runId} />
      {stops.length < 2 && <p class="unit">{t('A path needs two or more places. Click an example on the map and choose "Add to Path", or begin with two examples.')}</p>}
      {strip && path && (
        <>
          <Frames strip={strip} neighbours={neighbours} label={(i) => t('frame {0} of {1}, {2}', i + 1, frames, under(i))}
            note={(i) => decimal(norm(rowOf(path, session.latentDim, i)), 1)} onPick={(i) => { session.state.change({ place: Array.from(rowOf(path, session.latentDim, i)), placeOf: undefined }); }} testId="interpolation" />
          <p class="unit">{t('Under each frame: its norm, and the encoded example nearest to it. The prior\'s norms lie around {0}.', decimal(Math.sqrt(session.latentDim), 1))}</p>
        </>
      )}
      <div class="toolbar">
        <Export store={session.store} name={`${name}-interpolation`} columns={frames} strip={strip} />
        <Keep session={session} name={t('path')} item={item} disabled={!path} />
      </div>
    </section>
  );
}
