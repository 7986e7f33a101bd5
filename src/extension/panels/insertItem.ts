import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelSubject } from '../../protocol/panelApi';
import { latentFunctions, type LatentItem } from '../../spec/latentItem';
import { freeName, importEdit, latentSnippet, snippetPlace } from '../../spec/snippet';
import { documentOf } from '../modelFiles/missingFile';
import { showCode } from '../modelFiles/showCode';

/** Writes an item as code at the cursor of the model's file, importing what it is made with; its name is then selected, to be typed over. */
export async function insertItem({ file, name: model, runId }: PanelSubject, item: LatentItem): Promise<void> {
  const document = await documentOf({ file, name: model });
  const editor = await showCode(document);
  const called = latentFunctions[item.kind];
  const imported = importEdit(document.getText(), called);
  if (imported) await editor.edit((edit) => { edit.insert(document.positionAt(imported.offset), imported.text); }, { undoStopBefore: true, undoStopAfter: false });
  const text = document.getText();
  const offset = snippetPlace(text, document.offsetAt(editor.selection.active));
  const free = freeName(text, item.kind);
  const comment = vscode.l10n.t('Of run {0} of {1}. To draw it: vae-lab draw {0} {2} --from {3} --out {2}.png', runId ?? '', model, free, path.basename(file));
  const code = latentSnippet(item, free, comment);
  const before = /(^|\n)[ \t]*$/.test(text.slice(0, offset)) ? '' : '\n\n';
  const snippet = new vscode.SnippetString().appendText(before);
  code.split(free).forEach((part, i) => {
    if (i > 0) snippet.appendPlaceholder(free, 1);
    snippet.appendText(part);
  });
  await editor.insertSnippet(snippet, document.positionAt(offset), { undoStopBefore: imported === undefined, undoStopAfter: true });
  editor.revealRange(new vscode.Range(document.positionAt(offset), editor.selection.end));
}
