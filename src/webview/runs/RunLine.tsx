import { useLayoutEffect, useRef } from 'preact/hooks';
import { placeOf } from '../../protocol/modelName';
import type { RunRow } from '../../protocol/runsApi';
import { stateWord } from '../stateWord';
import { decimal, duration, language, t } from '../text';
import { changedText, nameOf } from './columns';
import type { RunsSession } from './session';
import { bytesText, startedText } from './words';

/** The name of a run as a field: Enter or leaving it takes the name, Escape leaves it as it was. */
function NameInput({ session, row }: { readonly session: RunsSession; readonly row: RunRow }) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => { field.current?.focus(); field.current?.select(); }, []); // before the frame in which it is seen: no key is lost
  const end = (label: string | undefined): void => {
    if (done.current) return;
    done.current = true;
    const line = field.current?.closest('tr');
    session.set({ renaming: undefined });
    if (label !== undefined && label.trim() !== (row.label ?? '')) void session.ask('renameRun', { id: row.id, label });
    requestAnimationFrame(() => { line?.querySelector<HTMLElement>('[data-cell=open]')?.focus(); });
  };
  return (
    <input ref={field} type="text" maxLength={80} defaultValue={row.label ?? row.model} aria-label={t('New name of {0}', nameOf(row))}
      onBlur={({ currentTarget }) => { end(currentTarget.value === row.model && row.label === undefined ? undefined : currentTarget.value); }}
      onKeyDown={({ key, currentTarget }) => { if (key === 'Enter') currentTarget.blur(); else if (key === 'Escape') end(undefined); }} />
  );
}

/** One run, and what can be done with it. */
export function RunLine({ session, row, isNameShared, isSelected, isRenamed }: { readonly session: RunsSession; readonly row: RunRow; /** Another file has a model of that name. */ readonly isNameShared: boolean; readonly isSelected: boolean; readonly isRenamed: boolean }) {
  const { id, model, label, file, pinned, live, state, lastLoss, bestLoss, engine, device, seconds, bytes } = row;
  const name = nameOf(row);
  const more = [...(label === undefined ? [] : [model]), ...(isNameShared ? [placeOf(file)] : [])];
  const nats = (value: number | undefined): string => (value === undefined ? '\u2013' : decimal(value));
  return (
    <tr data-id={id} aria-selected={isSelected}>
      <td><input type="checkbox" data-cell="select" checked={isSelected} aria-label={t('Select {0}', `${name} ${id}`)} onChange={({ currentTarget }) => { session.select(id, currentTarget.checked); }} /></td>
      <th scope="row">
        {isRenamed ? <NameInput session={session} row={row} /> : <button class="plain link" data-cell="open" title={`${file}\n${id}`} onClick={() => { void session.ask('openRun', { id }); }}>{name}</button>}
        {more.length > 0 && <span class="unit"> {more.join(', ')}</span>}
      </th>
      <td><span class={`state ${state.kind}`}>{stateWord(state)}</span></td>
      <td class="changed">{changedText(row)}</td>
      <td class="number">{nats(lastLoss)}</td>
      <td class="number">{nats(bestLoss)}</td>
      <td title={device}>{engine}</td>
      <td class="number">{seconds === undefined ? '\u2013' : duration(seconds)}</td>
      <td class="number">{startedText(row, language())}</td>
      <td class="number">{bytes === undefined ? '\u2013' : bytesText(bytes)}</td>
      <td class="actions">
        <button class="plain" data-cell="pin" aria-pressed={pinned} title={pinned ? t('Unpin') : t('Pin')} aria-label={t('Pin {0}', name)} onClick={() => { void session.ask('pinRun', { id, pinned: !pinned }); }}>{pinned ? '\u2605' : '\u2606'}</button>
        <button class="plain" data-cell="rename" onClick={() => { session.set({ renaming: id }); }} aria-label={t('Rename {0}', name)}>{t('Rename')}</button>
        <button class="plain" data-cell="export" onClick={() => { void session.ask('exportRun', { id }); }} aria-label={t('Export {0}', name)}>{t('Export')}</button>
        <button class="plain" data-cell="delete" disabled={live} title={live ? t('It trains. Stop it first.') : undefined} onClick={() => { void session.delete([id]); }} aria-label={t('Delete {0}', name)}>{t('Delete')}</button>
      </td>
    </tr>
  );
}
