import * as vscode from 'vscode';
import { freeBytes, inWords } from '../../components/disk';
import type { DiskUse } from '../../protocol/runsApi';
import { listDeleted, purgeDeleted } from '../../runs/deletedRuns';
import { dataFolderOf, deletePrepared, downloadsUse, preparedUse } from '../../runs/diskUse';
import { bytesOf } from '../../runs/folderSize';
import type { ListedRun } from '../../runs/registry';
import { configuredDataFolder } from '../training/hostSettings';

/** What runs and their data take. */
export async function diskUse(runs: readonly ListedRun[]): Promise<DiskUse> {
  const folder = dataFolderOf(configuredDataFolder());
  const [sizes, deleted, prepared, downloads, free] = await Promise.all([Promise.all(runs.map(({ dir }) => bytesOf(dir))), listDeleted(), preparedUse(folder), downloadsUse(folder), freeBytes(folder)]);
  return { runs: { count: runs.length, bytes: sizes.reduce((a, b) => a + b, 0) }, deleted, prepared, downloads: { folder, bytes: downloads }, freeBytes: free };
}

/** Asks, and deletes for good. */
export async function cleanUp(what: 'deleted' | 'prepared'): Promise<void> {
  const folder = dataFolderOf(configuredDataFolder());
  const yes = vscode.l10n.t('Delete for Good');
  const question = what === 'deleted' ? vscode.l10n.t('Delete the deleted runs for good? They cannot be restored then.')
    : vscode.l10n.t('Delete {0} of data sets made ready? A run that needs one makes it again.', inWords((await preparedUse(folder)).bytes));
  if (await vscode.window.showWarningMessage(question, { modal: true }, yes) !== yes) return;
  if (what === 'deleted') await purgeDeleted(); else await deletePrepared(folder);
}
