import path from 'node:path';
import * as vscode from 'vscode';
import type { SavedFile } from '../../protocol/savedFile';
import { fileNameOf } from './fileName';

/** Asks where, beginning in `folder`, and writes the file; it can then be opened. */
export async function saveFile(folder: string, { name, format, content }: Omit<SavedFile, 'format'> & { readonly format: string }): Promise<void> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(folder, `${fileNameOf(name)}.${format}`)), filters: { [format.toUpperCase()]: [format] } });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', path.basename(target.fsPath)), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
