import path from 'node:path';
import * as vscode from 'vscode';
import { findModels } from '../../spec/findModels';
import type { ModelEdit } from '../../spec/modelEdits';
import { editsOf } from '../modelFiles/editsOf';
import { documentOf } from '../modelFiles/missingFile';
import type { ModelReference } from '../modelFiles/modelFiles';
import { isOfModel } from '../modelFiles/runsOf';
import { saveDocument } from '../modelFiles/saveDocument';
import { hostSentence } from '../hostSentence';
import type { OpenRun } from '../training/openRun';
import type { CommandContext } from './commands';

/** The live run of a model, and what was edited since it began; says so where there is nothing to do. */
async function edited({ runs }: CommandContext, { file, name }: ModelReference): Promise<{ readonly run: OpenRun; readonly edits: readonly ModelEdit[] } | undefined> {
  const latest = runs.latest({ file, name });
  const run = latest && runs.live.find(({ id }) => id === latest.id);
  const document = await documentOf({ file, name });
  const model = findModels(document.getText()).models.find((found) => found.name === name);
  const edits = run && model ? editsOf(model, document.getText(), run.manifest) : [];
  if (run && edits.length > 0) return { run, edits };
  void vscode.window.showInformationMessage(run ? vscode.l10n.t('Nothing of {0} was edited since its training began.', name) : vscode.l10n.t('No training is running. Train a model first.'));
  return undefined;
}
const setOf = (edits: readonly ModelEdit[]): Record<string, number> => Object.fromEntries(edits.flatMap(({ name, to, temperature }) => (temperature === 'hot' && to !== undefined ? [[name, to]] : [])));

/** Resolves when a run is not live any more; a checkpoint was written then. */
async function stopped(run: OpenRun): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    const off = run.onEvent(() => {
      if (run.live) return;
      off.dispose();
      resolve();
    });
    if (!run.live) resolve();
  });
  if (run.live) await (await run.host()).request('stop', {});
  await ended;
}

/** Saves the model's file, so that a host reads what the editor shows. */
async function saved(model: ModelReference): Promise<boolean> {
  if (await saveDocument(await documentOf(model), vscode.workspace.onDidSaveTextDocument)) return true;
  void vscode.window.showErrorMessage(vscode.l10n.t('{0} could not be saved, so nothing was applied.', path.basename(model.file)));
  return false;
}

/** The text holds from the run's next step on: the step is built anew, weights and optimizer stay. */
export async function applyModel(run: OpenRun, model: ModelReference): Promise<void> {
  if (!await saved(model)) return;
  const { step, what, notice } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Building the changed step of {0}', model.name) }, async (progress) => {
    const off = run.onEvent(({ event }) => { if (event === 'evaluating') progress.report({ message: vscode.l10n.t('when its evaluation has ended') }); });
    try { return await (await run.host()).request('applyModel', {}); } finally { off.dispose(); }
  });
  const said = vscode.l10n.t('{0} trains as its file says from step {1} on.', model.name, step.toLocaleString(vscode.env.language));
  void vscode.window.showInformationMessage([said, ...what, ...(notice === undefined ? [] : [hostSentence(notice)])].join(' \u00b7 '));
}

/** What the text says holds from the run's next step on: values that may change while it trains at once, what else shapes no weight with the step built anew. */
export async function applyEdits(context: CommandContext, model: ModelReference): Promise<void> {
  const found = await edited(context, model);
  if (!found) return;
  if (found.edits.some(({ temperature }) => temperature !== 'hot')) return applyModel(found.run, model);
  const host = await found.run.host();
  const said: string[] = [];
  for (const [name, value] of Object.entries(setOf(found.edits))) {
    const { step } = await host.request('setHyperparameter', { name, value });
    said.push(vscode.l10n.t('{0} is {1} from step {2} on.', name, String(value), step.toLocaleString(vscode.env.language)));
  }
  if (said.length > 0) void vscode.window.showInformationMessage(said.join(' '));
}

/** Stops the run, and goes on from there in one of its own as the text says. */
export async function branchHere(context: CommandContext, model: ModelReference): Promise<void> {
  const found = await edited(context, model);
  if (!found) return;
  const { run, edits } = found;
  const listed = await context.runs.find(run.id);
  const isHot = edits.every(({ temperature }) => temperature === 'hot');
  if (!listed || (!isHot && !await saved(model))) return;
  await stopped(run);
  await context.training.branch(listed, isHot ? { set: setOf(edits) } : { edited: true });
}

/** Stops the run, and trains the model as its text is now. */
export async function restart({ runs, training }: CommandContext, model: ModelReference): Promise<void> {
  const running = runs.live.find(({ manifest }) => isOfModel(manifest, model));
  if (running) {
    if (!await saved(model)) return; // what trains goes on
    await stopped(running);
  }
  await training.start(model);
}
