import path from 'node:path';
import * as vscode from 'vscode';
import { exportRun } from '../../client/exportRun';
import type { ExportFormat } from '../../protocol/exports';
import { hostSentence } from '../hostSentence';
import { hostSettings } from '../training/hostSettings';
import type { OpenRun } from '../training/openRun';

const choices = (): (vscode.QuickPickItem & { readonly format: ExportFormat })[] => [
  { format: 'onnx', label: 'ONNX', description: vscode.l10n.t('encoder and decoder, for other programs') },
  { format: 'safetensors', label: 'safetensors', description: vscode.l10n.t('the weights of the last checkpoint') },
  { format: 'tensorboard', label: 'TensorBoard', description: vscode.l10n.t('curves and pictures as event files') },
  { format: 'png', label: 'PNG', description: vscode.l10n.t('samples and reconstructions, a file each') },
];

/** Where to: a file, or a folder that gets one of its own for the run. */
async function chooseTarget(run: OpenRun, format: ExportFormat): Promise<string | undefined> {
  const beside = path.dirname(run.manifest.modelFile);
  if (format === 'safetensors') return (await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(beside, `${run.id}.safetensors`)), filters: { safetensors: ['safetensors'] } }))?.fsPath;
  const [folder] = await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, defaultUri: vscode.Uri.file(beside), openLabel: vscode.l10n.t('Export Here'), title: vscode.l10n.t('A folder for the export') }) ?? [];
  return folder && path.join(folder.fsPath, `${run.id}-${format}`);
}

/** In the system's file manager; from a browser, or where the files are on another machine, in the Explorer, which has none outside its folders. */
async function reveal(uri: vscode.Uri): Promise<void> {
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (isHere || vscode.workspace.getWorkspaceFolder(uri)) await vscode.commands.executeCommand(isHere ? 'revealFileInOS' : 'revealInExplorer', uri);
  else await vscode.window.showInformationMessage(vscode.l10n.t('It is at {0}.', uri.fsPath));
}

/** Asks what as and where to, and writes a run for other programs. */
export async function exportOpenRun(run: OpenRun, extensionFolder: string): Promise<void> {
  const choice = await vscode.window.showQuickPick(choices(), { title: vscode.l10n.t('Export Run'), placeHolder: run.id, matchOnDescription: true });
  const out = choice && await chooseTarget(run, choice.format);
  if (!out) return;
  if (choice.format === 'onnx' && !vscode.workspace.isTrusted) throw new Error(vscode.l10n.t('This folder is not trusted, so no model file in it is run. Trust it to sample from its runs.'));
  const { node, hostScript } = await hostSettings(extensionFolder, run.manifest.modelFile);
  const { files, notice } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Exporting {0}', run.id) }, () =>
    exportRun(choice.format, { dir: run.dir, out, node, hostScript, host: () => run.host() }));
  const show = vscode.l10n.t('Show');
  const said = files.length === 1 ? vscode.l10n.t('Saved {0}.', path.basename(out)) : vscode.l10n.t('Saved {0} files in {1}.', files.length, path.basename(out));
  if (await vscode.window.showInformationMessage(notice === undefined ? said : `${said} ${hostSentence(notice)}`, show) === show) await reveal(vscode.Uri.file(files[0] ?? out));
}
