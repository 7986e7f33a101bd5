import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelSubject } from '../../protocol/panelApi';
import { fileNameOf } from './fileName';

interface SavedFile { readonly name: string; readonly format: string; readonly content: Uint8Array }

/** Asks where, and writes the file; it can then be opened. */
export async function saveFile({ file }: PanelSubject, { name, format, content }: SavedFile): Promise<void> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(path.dirname(file), `${fileNameOf(name)}.${format}`)), filters: { [format.toUpperCase()]: [format] } });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', path.basename(target.fsPath)), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
