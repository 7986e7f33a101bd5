import path from 'node:path';
import * as vscode from 'vscode';
import type { ImageStrip } from '../../protocol/images';
import type { PanelSubject } from '../../protocol/panelApi';
import { animatedGif } from '../../runs/gif';
import { gridPng } from '../../runs/pictures';

interface Pictures { readonly name: string; readonly columns: number; readonly pictures: readonly ImageStrip[]; readonly format: 'png' | 'gif' }

/** Asks where, and writes the pictures: as one PNG, each at its own size, or one after another as a GIF. */
export async function savePictures({ file }: PanelSubject, { name, columns, pictures, format }: Pictures): Promise<void> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(path.dirname(file), `${name}.${format}`)), filters: { [format.toUpperCase()]: [format] } });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, format === 'png' ? gridPng(pictures, columns) : animatedGif(pictures));
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', path.basename(target.fsPath)), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
