import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { useValue } from '../observable';
import { stateWord } from '../stateWord';
import { t } from '../text';
import { columns, filtered, sharedNames, sorted, type Column } from './columns';
import { RunLine } from './RunLine';
import type { RunsSession } from './session';
import { columnTitles } from './words';

/** Up and Down go to the same thing of the next run; F2 and Delete do what they say, of this one. */
function keyed(session: RunsSession, event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || target instanceof HTMLInputElement && target.type === 'text') return;
  const row = target.closest('tr');
  const cell = target.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
  if (!row || cell === undefined) return;
  const rows = [...row.parentElement?.querySelectorAll('tr') ?? []];
  const to = { ArrowDown: rows.indexOf(row) + 1, ArrowUp: rows.indexOf(row) - 1, Home: 0, End: rows.length - 1 }[event.key];
  const id = row.dataset['id'] ?? '';
  if (to !== undefined) rows[to]?.querySelector<HTMLElement>(`[data-cell=${cell}]`)?.focus();
  else if (event.key === 'F2') session.set({ renaming: id });
  else if (event.key === 'Delete') void session.delete([id]);
  else return;
  event.preventDefault();
}

/** All runs, as they are sorted and filtered. */
export function RunsTable({ session }: { readonly session: RunsSession }) {
  const { rows, filter, sort, selected, renaming } = useValue(session.state);
  const shown = sorted(filtered(rows, filter, ({ state }) => stateWord(state)), sort);
  const shared = useMemo(() => sharedNames(rows), [rows]);
  const titles = columnTitles();
  const sortBy = (column: Column): void => { session.set({ sort: { column, ascending: sort.column === column ? !sort.ascending : column !== 'created' } }); };
  return (
    <div class="runs-scroll" role="region" aria-label={t('Runs')} tabIndex={0}>
      <table class="runs" onKeyDown={(event) => { keyed(session, event); }}>
        <caption class="unit"><span>{t('{0} of {1} runs. Up and Down go from run to run, F2 renames, Delete deletes.', shown.length, rows.length)}</span></caption>
        <thead>
          <tr>
            <td><span class="hidden">{t('Select')}</span></td>
            {columns.map((column) => (
              <th key={column} scope="col" aria-sort={sort.column === column ? (sort.ascending ? 'ascending' : 'descending') : 'none'}>
                <button class="plain" onClick={() => { sortBy(column); }}>{titles[column]}<span aria-hidden="true">{sort.column === column ? (sort.ascending ? ' \u25b2' : ' \u25bc') : ''}</span></button>
              </th>
            ))}
            <td><span class="hidden">{t('Actions')}</span></td>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => <RunLine key={row.id} session={session} row={row} isNameShared={shared.has(row.model)} isSelected={selected.has(row.id)} isRenamed={renaming === row.id} />)}
        </tbody>
      </table>
      {shown.length === 0 && <p class="empty">{t('No run fits the filter.')}</p>}
    </div>
  );
}
