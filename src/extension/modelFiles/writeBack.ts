import path from 'node:path';
import * as vscode from 'vscode';
import { findModels, type NumberInText } from '../../spec/findModels';
import { documentOf } from './missingFile';
import type { ModelReference } from './modelFiles';
import { showCode } from './showCode';

async function literalOf({ file, name: model }: ModelReference, name: string): Promise<{ readonly document: vscode.TextDocument; readonly literal: NumberInText } | undefined> {
  const document = await documentOf({ file, name: model }).catch(() => undefined);
  const literal = document && findModels(document.getText()).models.find((found) => found.name === model)?.literals[name];
  return document && literal && { document, literal };
}

/** Writes a value into the model file where it stands as a number, touching that number only; one undo takes it back. Says whether there was one. */
export async function writeBack(model: ModelReference, name: string, value: number): Promise<boolean> {
  const found = await literalOf(model, name);
  if (!found) return false;
  const { document, literal } = found;
  if (literal.value === value) return true;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(literal.start), document.positionAt(literal.end)), String(value));
  return vscode.workspace.applyEdit(edit);
}

/** Shows where a number of a model stands in its file, chosen, to be typed over; where it does not stand as a number, the model. */
export async function showNumber(model: ModelReference, name: string): Promise<void> {
  const found = await literalOf(model, name);
  const editor = await showCode(found?.document ?? await documentOf(model));
  if (!found) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} does not stand as a number in {1}. Give it there, then restart.', name.replace('training.', ''), path.basename(model.file)));
    return;
  }
  editor.selection = new vscode.Selection(editor.document.positionAt(found.literal.start), editor.document.positionAt(found.literal.end));
  editor.revealRange(editor.selection);
}

/** Says from when on a value holds, and offers to write it into the model file. */
export async function offerWriteBack(model: ModelReference, name: string, value: number, step: number): Promise<void> {
  const found = await literalOf(model, name);
  const said = vscode.l10n.t('{0} is {1} from step {2} on.', name, String(value), step.toLocaleString(vscode.env.language));
  if (!found || found.literal.value === value) {
    void vscode.window.showInformationMessage(said);
    return;
  }
  const write = vscode.l10n.t('Write into {0}', path.basename(model.file));
  if (await vscode.window.showInformationMessage(said, write) === write) await writeBack(model, name, value); // the file may have been edited while the question stood
}
