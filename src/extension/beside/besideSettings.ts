import * as vscode from 'vscode';
import { settingIds } from '../contributions';

/** What is shown in the code. */
export interface BesideSettings { readonly samples: boolean; readonly objective: boolean; readonly latent: boolean }

export function besideSettings(scope: vscode.Uri): BesideSettings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  const isOn = (id: string): boolean => configuration.get<unknown>(id) !== false;
  return { samples: isOn(settingIds.samplesInCode), objective: isOn(settingIds.objectiveInCode), latent: isOn(settingIds.latentInCode) };
}
