import * as vscode from 'vscode';
import { hostSentence } from '../hostSentence';
import { offerWriteBack } from '../modelFiles/writeBack';
import type { ModelFiles } from '../modelFiles/modelFiles';
import type { OpenRun } from '../training/openRun';
import type { Manifest } from '../../protocol/run';
import { checkHyperparameter } from '../../spec/hyperparameters';

type Asked = Pick<Manifest, 'hyperparameters' | 'hyperparameterSpecs'>;
export interface Changed { readonly name: string; readonly value: number }

/** Asks for one of a run's hyperparameters and its value. With `none` that may be chosen in place of one. */
export async function askHyperparameter(title: string, { hyperparameters: values, hyperparameterSpecs: specs }: Asked, placeHolder: string, none?: string): Promise<Changed | 'none' | undefined> {
  const items: (vscode.QuickPickItem & { readonly name?: string })[] = Object.keys(specs).map((name) => ({ label: name, description: String(values[name] ?? ''), name }));
  const picked = await vscode.window.showQuickPick([...items, ...(none === undefined ? [] : [{ label: none }])], { title, placeHolder });
  if (!picked) return undefined;
  const { name } = picked;
  if (name === undefined) return 'none';
  const text = await vscode.window.showInputBox({
    title, prompt: name, value: String(values[name] ?? ''),
    validateInput: (value) => {
      const wrong = value.trim() === '' ? vscode.l10n.t('Give a number.') : checkHyperparameter(specs, name, Number(value));
      return wrong === undefined ? undefined : hostSentence(wrong);
    },
  });
  return text === undefined ? undefined : { name, value: Number(text) };
}

/** Asks for a hyperparameter and its value, and applies it to the running training at its next step. */
export async function setHyperparameter(run: OpenRun, files: ModelFiles): Promise<void> {
  const changed = await askHyperparameter(vscode.l10n.t('Set Hyperparameter of {0}', run.manifest.modelName), run.manifest, vscode.l10n.t('Which hyperparameter? It applies at the next step.'));
  if (!changed || changed === 'none') return;
  const { step } = await (await run.host()).request('setHyperparameter', changed);
  await offerWriteBack(files, { file: run.manifest.modelFile, name: run.manifest.modelName }, changed.name, changed.value, step);
}
