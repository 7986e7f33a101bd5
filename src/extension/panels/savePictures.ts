import path from 'node:path';
import * as vscode from 'vscode';
import type { ImageStrip } from '../../protocol/images';
import type { PanelSubject } from '../../protocol/panelApi';
import { gridPng } from '../../runs/pictures';

/** Asks where, and writes the pictures as one PNG, each at its own size. */
export async function savePictures({ file }: PanelSubject, { name, columns, pictures }: { name: string; columns: number; pictures: readonly ImageStrip[] }): Promise<void> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(path.dirname(file), `${name}.png`)), filters: { PNG: ['png'] } });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, gridPng(pictures, columns));
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', path.basename(target.fsPath)), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
