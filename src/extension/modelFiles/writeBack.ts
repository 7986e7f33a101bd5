import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelFiles, ModelReference } from './modelFiles';

/** Offers to write a value into the model file, where it stands as a number there; one undo takes it back. */
export async function offerWriteBack(files: ModelFiles, model: ModelReference, name: string, value: number, step: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(model.file).then((found) => found, () => undefined);
  const said = vscode.l10n.t('{0} is {1} from step {2} on.', name, String(value), step.toLocaleString(vscode.env.language));
  const literal = document && files.models(document).find((found) => found.name === model.name)?.literals[name];
  if (!document || !literal || Number(document.getText().slice(literal.start, literal.end)) === value) {
    void vscode.window.showInformationMessage(said);
    return;
  }
  const write = vscode.l10n.t('Write into {0}', path.basename(model.file));
  if (await vscode.window.showInformationMessage(said, write) !== write) return;
  const now = files.models(document).find((found) => found.name === model.name)?.literals[name]; // the file may have been edited while the question stood
  if (!now) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(now.start), document.positionAt(now.end)), String(value));
  await vscode.workspace.applyEdit(edit);
}
