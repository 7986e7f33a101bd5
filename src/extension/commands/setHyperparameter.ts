import * as vscode from 'vscode';
import { hostSentence } from '../hostSentence';
import type { ModelReference } from '../modelFiles/modelFiles';
import { offerWriteBack, showNumber, writeBack } from '../modelFiles/writeBack';
import { applyModel } from './edits';
import type { OpenRun } from '../training/openRun';
import type { Manifest } from '../../protocol/run';
import { settingsOf, type Setting } from '../../protocol/settings';
import { checkHyperparameter } from '../../spec/hyperparameters';
import type { Temperature } from '../../spec/temperature';

type Asked = Pick<Manifest, 'hyperparameters' | 'hyperparameterSpecs'>;
export interface Changed { readonly name: string; readonly value: number }

/** Asks for one of a run's hyperparameters and its value. With `none` that may be chosen in place of one. */
export async function askHyperparameter(title: string, asked: Asked, placeHolder: string, none?: string): Promise<Changed | 'none' | undefined> {
  const { hyperparameters: values, hyperparameterSpecs: specs } = asked;
  const items: (vscode.QuickPickItem & { readonly name?: string })[] = Object.entries(specs).map(([name, spec]) => ({ label: name, description: `${values[name] ?? ''} \u00b7 ${rangeInWords(spec)}`, name }));
  const picked = await vscode.window.showQuickPick([...items, ...(none === undefined ? [] : [{ label: none }])], { title, placeHolder });
  if (!picked) return undefined;
  return picked.name === undefined ? 'none' : askValue(title, asked, picked.name);
}

async function askValue(title: string, { hyperparameters: values, hyperparameterSpecs: specs }: Asked, name: string): Promise<Changed | undefined> {
  const text = await vscode.window.showInputBox({
    title, prompt: name, value: String(values[name] ?? ''),
    validateInput: (value) => {
      const wrong = value.trim() === '' ? vscode.l10n.t('Give a number.') : checkHyperparameter(specs, name, Number(value));
      return wrong === undefined ? undefined : hostSentence(wrong);
    },
  });
  return text === undefined ? undefined : { name, value: Number(text) };
}

const rangeInWords = ({ min, max, minInclusive }: Setting['spec']): string =>
  (minInclusive ? vscode.l10n.t('from {0} to {1}', String(min), max.toLocaleString(vscode.env.language)) : vscode.l10n.t('above {0}, to {1}', String(min), max.toLocaleString(vscode.env.language)));
const temperatureInWords = (temperature: Temperature): string => ({
  hot: vscode.l10n.t('hot: applies at the next step'), warm: vscode.l10n.t('warm: the step is built anew, weights stay'), cold: vscode.l10n.t('cold: needs a new run'),
})[temperature];

/** Asks for one of all numbers of the running training. What may change while it trains is asked for and holds from its next step on; to the others their place in the model file is shown. */
export async function setHyperparameter(run: OpenRun): Promise<void> {
  const { manifest } = run;
  const title = vscode.l10n.t('Set Hyperparameter of {0}', manifest.modelName);
  const items = settingsOf(manifest).map((setting) => ({ label: setting.name, description: `${setting.value} \u00b7 ${rangeInWords(setting.spec)} \u00b7 ${temperatureInWords(setting.temperature)}`, setting }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which one?'), matchOnDescription: true });
  if (!picked) return;
  const model = { file: manifest.modelFile, name: manifest.modelName };
  const { setting } = picked;
  if (setting.temperature === 'cold') {
    await showNumber(model, setting.literal);
    return;
  }
  if (setting.temperature === 'warm') {
    const given = await askValue(title, { hyperparameters: { [setting.name]: setting.value }, hyperparameterSpecs: { [setting.name]: setting.spec } }, setting.name);
    if (given) await applyValue(run, model, setting.literal, given.value);
    return;
  }
  const changed = await askValue(title, manifest, setting.name);
  if (!changed) return;
  const { step } = await (await run.host()).request('setHyperparameter', changed);
  await offerWriteBack(model, changed.name, changed.value, step);
}

/** Writes a value into the model file and lets the run take the file up; shows the place of one that does not stand there as a number. */
export async function applyValue(run: OpenRun, model: ModelReference, literal: string, value: number): Promise<void> {
  if (await writeBack(model, literal, value)) await applyModel(run, model); else await showNumber(model, literal);
}
