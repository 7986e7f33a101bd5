import * as vscode from 'vscode';
import { hostSentence } from '../hostSentence';
import { offerWriteBack } from '../modelFiles/writeBack';
import type { ModelFiles } from '../modelFiles/modelFiles';
import type { OpenRun } from '../training/openRun';
import { checkHyperparameter } from '../../spec/hyperparameters';

/** Asks for a hyperparameter and its value, and applies it to the running training at its next step. */
export async function setHyperparameter(run: OpenRun, files: ModelFiles): Promise<void> {
  const { hyperparameterSpecs: specs } = run.manifest;
  const current = (name: string): string => String(run.manifest.hyperparameters[name] ?? '');
  const title = vscode.l10n.t('Set Hyperparameter of {0}', run.manifest.modelName);
  const picked = await vscode.window.showQuickPick(
    Object.keys(specs).map((name) => ({ label: name, description: current(name) })),
    { title, placeHolder: vscode.l10n.t('Which hyperparameter? It applies at the next step.') });
  if (!picked) return;
  const name = picked.label;
  const text = await vscode.window.showInputBox({
    title, prompt: name, value: current(name),
    validateInput: (value) => {
      const wrong = value.trim() === '' ? vscode.l10n.t('Give a number.') : checkHyperparameter(specs, name, Number(value));
      return wrong === undefined ? undefined : hostSentence(wrong);
    },
  });
  if (text === undefined) return;
  const value = Number(text);
  const { step } = await (await run.host()).request('setHyperparameter', { name, value });
  await offerWriteBack(files, { file: run.manifest.modelFile, name: run.manifest.modelName }, name, value, step);
}
