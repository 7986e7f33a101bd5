import * as vscode from 'vscode';

/** Where code is shown: where the file is seen already, else beside what a page of an extension takes up alone, so that neither hides the other. */
async function columnFor(uri: vscode.Uri): Promise<vscode.ViewColumn> {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  if (shown?.viewColumn !== undefined) return shown.viewColumn;
  const { all } = vscode.window.tabGroups;
  const free = all.find(({ activeTab }) => !(activeTab?.input instanceof vscode.TabInputWebview));
  if (free) return free.viewColumn;
  await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
  await vscode.commands.executeCommand('workbench.action.newGroupLeft');
  return vscode.ViewColumn.One; // which the new one is now
}

/** Shows a file in an editor beside the panels. */
export async function showCode(shown: vscode.TextDocument | vscode.Uri, options: Omit<vscode.TextDocumentShowOptions, 'viewColumn'> = {}): Promise<vscode.TextEditor> {
  const uri = 'uri' in shown ? shown.uri : shown;
  const document = 'uri' in shown ? shown : await vscode.workspace.openTextDocument(shown);
  return vscode.window.showTextDocument(document, { ...options, viewColumn: await columnFor(uri) });
}
