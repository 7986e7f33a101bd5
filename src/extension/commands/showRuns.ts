import path from 'node:path';
import * as vscode from 'vscode';
import type { ListedRun } from '../../runs/registry';
import { hostSentence } from '../hostSentence';
import { stateText } from '../modelFiles/lensTitles';
import { modelLabel } from '../modelFiles/runProblems';
import type { Panels } from '../panels/panels';
import type { RunStore } from '../training/runStore';
import { offerTraining } from './offerTraining';

const item = (listed: ListedRun) => ({
  label: `${listed.live ? '$(pulse) ' : ''}${modelLabel(listed.manifest)}`,
  description: stateText(listed.manifest, vscode.l10n.t, hostSentence),
  detail: `${new Date(listed.manifest.createdAt).toLocaleString(vscode.env.language)} \u00b7 ${path.basename(listed.manifest.modelFile)}${listed.manifest.device === '' ? '' : ` \u00b7 ${listed.manifest.device}`}`,
  buttons: [{ iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: vscode.l10n.t('Open the run\'s manifest') }],
  listed,
});

/** Every run of this user, wherever it was started; choosing one shows it. */
export async function showRuns(runs: RunStore, panels: Panels): Promise<void> {
  const all = await runs.list();
  if (all.length === 0) {
    await offerTraining(vscode.l10n.t('There are no runs yet. Train a model to make one.'));
    return;
  }
  const picker = vscode.window.createQuickPick<ReturnType<typeof item>>();
  picker.title = vscode.l10n.t('Runs');
  picker.placeholder = vscode.l10n.t('Choose a run to show it');
  picker.matchOnDescription = picker.matchOnDetail = true;
  picker.items = all.map(item);
  picker.onDidTriggerItemButton(({ item: { listed } }) => { void vscode.window.showTextDocument(vscode.Uri.file(path.join(listed.dir, 'run.json'))); });
  picker.onDidHide(() => { picker.dispose(); });
  const chosen = new Promise<ListedRun | undefined>((resolve) => {
    picker.onDidAccept(() => { resolve(picker.selectedItems[0]?.listed); picker.hide(); });
    picker.onDidHide(() => { resolve(undefined); });
  });
  picker.show();
  const listed = await chosen;
  if (!listed) return;
  const run = await runs.view(listed.manifest.id);
  panels.open({ file: listed.manifest.modelFile, name: listed.manifest.modelName }).show(run);
}
