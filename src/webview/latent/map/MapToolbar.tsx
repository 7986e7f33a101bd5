import { usePart, useValue } from '../../observable';
import { t, whole } from '../../text';
import { Choice, dimensionOptions } from '../Choice';
import { mostOf } from '../encodedSet';
import type { LatentSession } from '../session';
import { axesKinds } from '../state';
import { colourChoices } from './colours';
import type { Mode } from './usePointer';

const COUNTS = [1000, 5000, 20_000];

interface MapToolbarProps { readonly session: LatentSession; readonly mode: Mode; onMode(mode: Mode): void; onAll(): void }

/** What the map shows, how, and what a hand does on it. */
export function MapToolbar({ session, mode, onMode, onAll }: MapToolbarProps) {
  const state = usePart(session.state, 'split', 'count', 'axes', 'dims', 'colour');
  const [info, encoded] = [useValue(session.info), useValue(session.encoded)];
  if (!info) return null;
  const most = mostOf(info, state.split, session.latentDim);
  const counts = [...COUNTS.filter((count) => count < most), most];
  const axesNames = { principal: t('PCA'), umap: t('UMAP'), dimensions: t('two dimensions') };
  const dims = dimensionOptions(session.latentDim);
  const choices = encoded ? colourChoices(info, encoded) : [];
  const colour = choices.some(({ id }) => id === state.colour) ? state.colour : 'one';
  const dim = (at: 0 | 1) => (value: string) => { session.state.change({ dims: at === 0 ? [Number(value), state.dims[1]] : [state.dims[0], Number(value)], view: undefined }); };
  return (
    <div class="toolbar map-toolbar" role="toolbar" aria-label={t('Map')}>
      <Choice label={t('data')} value={state.split} options={[{ value: 'test', name: t('held-out') }, { value: 'train', name: t('training') }]} onChoose={(split) => { session.state.change({ split, view: undefined }); }} />
      <Choice label={t('examples')} value={String(counts.find((count) => count >= state.count) ?? most)} options={counts.map((count) => ({ value: String(count), name: whole(count) }))} onChoose={(count) => { session.state.change({ count: Number(count) }); }} />
      <Choice label={t('axes')} value={state.axes} options={axesKinds.map((value) => ({ value, name: axesNames[value] }))} onChoose={(axes) => { session.state.change({ axes, view: undefined }); }} />
      {state.axes === 'dimensions' && <Choice label={t('across')} value={String(state.dims[0])} options={dims} onChoose={dim(0)} />}
      {state.axes === 'dimensions' && <Choice label={t('up')} value={String(state.dims[1])} options={dims} onChoose={dim(1)} />}
      {state.axes === 'umap' && <vscode-button appearance="secondary" onClick={() => { session.mapAgain(); }}>{t('Fit again')}</vscode-button>}
      <Choice label={t('colour')} value={colour} options={choices.map(({ id, name }) => ({ value: id, name }))} onChoose={(chosen) => { session.state.change({ colour: chosen }); }} />
      <span class="modes" role="group" aria-label={t('A drag')}>
        {(['move', 'lasso'] as const).map((kind) => (
          <button key={kind} type="button" class="mode" aria-pressed={mode === kind} onClick={() => { onMode(kind); }}>{kind === 'move' ? t('Move') : t('Lasso')}</button>
        ))}
        <button type="button" class="mode" onClick={onAll}>{t('Show all')}</button>
      </span>
    </div>
  );
}
