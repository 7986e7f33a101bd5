import path from 'node:path';
import * as vscode from 'vscode';
import { sameFile } from '../../runs/sameFile';
import { hostSentence } from '../hostSentence';
import { stateText } from '../modelFiles/lensTitles';
import { isModelReference, type ModelFiles } from '../modelFiles/modelFiles';
import { modelLabel } from '../modelFiles/runProblems';
import type { Panels } from '../panels/panels';
import type { OpenRun } from '../training/openRun';
import type { RunStore } from '../training/runStore';
import { modelFilePattern } from '../contributions';
import { offerTraining } from './offerTraining';

/** The live run that a command is about: of the lens, the focused panel, the file at hand, the only one, or the one picked. `undefined`: and why was said. */
export async function chooseLiveRun({ runs, panels, files }: { runs: RunStore; panels: Panels; files: ModelFiles }, argument: unknown, fits: (run: OpenRun) => boolean, none: string): Promise<OpenRun | undefined> {
  const live = runs.live.filter(fits);
  const of = (file: string, name?: string) => live.filter(({ manifest }) => (name === undefined || manifest.modelName === name) && sameFile(manifest.modelFile, file));
  const document = vscode.window.activeTextEditor?.document;
  const near = isModelReference(argument) ? of(argument.file, argument.name)
    : panels.active ? of(panels.active.file, panels.active.name)
    : document && vscode.languages.match({ pattern: modelFilePattern }, document) && files.models(document).length > 0 ? of(document.uri.fsPath) : [];
  const candidates = near.length > 0 ? near : isModelReference(argument) ? [] : live;
  if (candidates.length === 0) {
    await offerTraining(none, argument);
    return undefined;
  }
  if (candidates.length === 1) return candidates[0];
  const items = candidates.map((run) => ({ label: modelLabel(run.manifest), description: stateText(run.manifest, vscode.l10n.t, hostSentence), detail: path.basename(run.manifest.modelFile), run }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') }))?.run;
}
