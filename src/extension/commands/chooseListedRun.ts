import path from 'node:path';
import * as vscode from 'vscode';
import type { ListedRun } from '../../runs/registry';
import { hostSentence } from '../hostSentence';
import { stateText } from '../modelFiles/lensTitles';
import { modelLabel } from '../modelFiles/runProblems';

/** One of many runs, newest first; the only one is not asked for. */
export async function chooseListedRun(runs: readonly ListedRun[]): Promise<ListedRun | undefined> {
  if (runs.length <= 1) return runs[0];
  const items = runs.map((listed) => ({
    label: modelLabel(listed.manifest), description: stateText(listed.manifest, vscode.l10n.t, hostSentence),
    detail: `${new Date(listed.manifest.createdAt).toLocaleString(vscode.env.language)} \u00b7 ${path.basename(listed.manifest.modelFile)}`, listed,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?'), matchOnDescription: true, matchOnDetail: true }))?.listed;
}
