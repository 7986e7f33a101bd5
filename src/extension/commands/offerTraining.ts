import * as vscode from 'vscode';
import { commandIds } from '../contributions';

/** Says why there is nothing to act on, and offers what is to be done about it: to train, with the command's own argument. */
export async function offerTraining(why: string, argument?: unknown): Promise<void> {
  const train = vscode.l10n.t('Train VAE');
  if (await vscode.window.showInformationMessage(why, train) === train) await vscode.commands.executeCommand(commandIds.train, argument);
}
