import { useEffect } from 'preact/hooks';
import { useValue } from '../observable';
import { t } from '../text';
import type { RunsSession } from './session';
import { bytesText } from './words';

/** What runs and their data take on disk, and what of it can go. */
export function Disk({ session }: { readonly session: RunsSession }) {
  const { disk } = useValue(session.state);
  useEffect(() => { void session.readDisk(); }, [session]);
  if (!disk) return <p class="waiting" role="status">{t('Looking at the disk')}</p>;
  const { runs, deleted, prepared, downloads, freeBytes } = disk;
  const deletedBytes = deleted.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <h2>{t('Disk')} <span class="unit">{t('{0} free', bytesText(freeBytes))}</span></h2>
      <table class="disk">
        <tbody>
          <tr><th scope="row">{t('Runs')}</th><td>{runs.count}</td><td class="number">{bytesText(runs.bytes)}</td><td /></tr>
          <tr>
            <th scope="row">{t('Deleted runs')}</th><td>{deleted.length}</td><td class="number">{bytesText(deletedBytes)}</td>
            <td><vscode-button appearance="secondary" disabled={deleted.length === 0} onClick={() => { void session.cleanUp('deleted'); }}>{t('Delete for Good...')}</vscode-button></td>
          </tr>
          {deleted.map(({ id, model, bytes }) => (
            <tr key={id} class="one"><td colSpan={2}>{model} <span class="unit">{id}</span></td><td class="number">{bytesText(bytes)}</td><td><button class="plain link" onClick={() => { void session.undo([id]); }} aria-label={t('Restore {0}', `${model} ${id}`)}>{t('Restore')}</button></td></tr>
          ))}
          <tr>
            <th scope="row" title={prepared.folder}>{t('Data sets made ready')}</th><td>{prepared.count}</td><td class="number">{bytesText(prepared.bytes)}</td>
            <td><vscode-button appearance="secondary" disabled={prepared.bytes === 0} onClick={() => { void session.cleanUp('prepared'); }}>{t('Clean Up...')}</vscode-button></td>
          </tr>
          <tr><th scope="row" title={downloads.folder}>{t('Downloads')}</th><td /><td class="number">{bytesText(downloads.bytes)}</td><td class="unit">{downloads.folder}</td></tr>
        </tbody>
      </table>
    </>
  );
}
