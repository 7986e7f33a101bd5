import { useEffect, useRef } from 'preact/hooks';
import { useValue, type Value } from '../observable';
import { fromHost, t } from '../text';
import { Compare } from './Compare';
import { Disk } from './Disk';
import { RunsTable } from './RunsTable';
import type { RunsSession } from './session';

/** All runs: the table, the selected ones side by side, and what they take on disk. */
export function RunsView({ session, section }: { readonly session: RunsSession; readonly section: Value<'runs' | 'disk'> }) {
  const { rows, filter, selected, deleted, error } = useValue(session.state);
  const asked = useValue(section);
  const disk = useRef<HTMLElement>(null);
  useEffect(() => { if (asked === 'disk') disk.current?.scrollIntoView(); }, [asked]);
  return (
    <main class="runs-page">
      <div class="row">
        <h1>{t('Runs')}</h1>
        {rows.length > 0 && <input type="search" class="filter" value={filter} placeholder={t('Filter')} aria-label={t('Filter runs')} onInput={({ currentTarget }) => { session.set({ filter: currentTarget.value }); }} />}
      </div>
      {error !== undefined && <p class="notice" role="alert">{fromHost(error)}</p>}
      <div role="status">
        {deleted.length > 0 && (
          <p class="undo">{deleted.length === 1 ? t('The run is deleted.') : t('{0} runs are deleted.', deleted.length)} <vscode-button appearance="secondary" onClick={() => { void session.undo(deleted); }}>{t('Undo')}</vscode-button></p>
        )}
      </div>
      {rows.length === 0 ? (
        <div class="empty">
          <p>{t('There are no runs yet. Train a model to make one.')}</p>
          <vscode-button onClick={() => { void session.ask('trainModel', {}); }}>{t('Train VAE')}</vscode-button>
        </div>
      ) : <RunsTable session={session} />}
      {selected.size > 0 && <Compare session={session} />}
      <section ref={disk} aria-label={t('Disk')}><Disk session={session} /></section>
    </main>
  );
}
