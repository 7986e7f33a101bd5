import * as vscode from 'vscode';

/** Whether the folder is trusted; where it is not, says why nothing is done, and offers to change that. */
export async function trusted(why: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Trust');
  if (await vscode.window.showWarningMessage(why, manage) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
