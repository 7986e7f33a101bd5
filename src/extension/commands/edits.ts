import * as vscode from 'vscode';
import { findModels } from '../../spec/findModels';
import type { ModelEdit } from '../../spec/modelEdits';
import { editsOf } from '../modelFiles/editsOf';
import type { ModelReference } from '../modelFiles/modelFiles';
import type { OpenRun } from '../training/openRun';
import type { CommandContext } from './commands';

/** The live run of a model, and what was edited since it began; says so where there is nothing to do. */
async function edited({ runs }: CommandContext, { file, name }: ModelReference): Promise<{ readonly run: OpenRun; readonly edits: readonly ModelEdit[] } | undefined> {
  const latest = runs.latest(file, name);
  const run = latest && runs.live.find(({ id }) => id === latest.id);
  const document = await vscode.workspace.openTextDocument(file);
  const model = findModels(document.getText()).models.find((found) => found.name === name);
  const edits = run && model ? editsOf(model, run.manifest) : [];
  if (run && edits.length > 0) return { run, edits };
  void vscode.window.showInformationMessage(run ? vscode.l10n.t('No number of {0} was edited since its training began.', name) : vscode.l10n.t('No training is running. Train a model first.'));
  return undefined;
}
const setOf = (edits: readonly ModelEdit[]): Record<string, number> => Object.fromEntries(edits.flatMap(({ name, to, temperature }) => (temperature === 'hot' ? [[name, to]] : [])));

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

/** Values of the text that may change while a run trains hold from its next step on. */
export async function applyEdits(context: CommandContext, model: ModelReference): Promise<void> {
  const found = await edited(context, model);
  if (!found) return;
  const host = await found.run.host();
  const said: string[] = [];
  for (const [name, value] of Object.entries(setOf(found.edits))) {
    const { step } = await host.request('setHyperparameter', { name, value });
    said.push(vscode.l10n.t('{0} is {1} from step {2} on.', name, String(value), step.toLocaleString(vscode.env.language)));
  }
  if (said.length > 0) void vscode.window.showInformationMessage(said.join(' '));
}

/** Stops the run, and goes on from there in one of its own with the values of the text. */
export async function branchHere(context: CommandContext, model: ModelReference): Promise<void> {
  const found = await edited(context, model);
  if (!found) return;
  const { run, edits } = found;
  const listed = await context.runs.find(run.id);
  if (!listed) return;
  await stopped(run);
  const epochs = edits.find(({ name }) => name === 'training.epochs')?.to;
  await context.training.branch(listed, { set: setOf(edits), ...(epochs === undefined ? {} : { epochs }) });
}

/** Stops the run, and trains the model as its text is now. */
export async function restart({ runs, training }: CommandContext, model: ModelReference): Promise<void> {
  const running = runs.live.find(({ manifest }) => manifest.modelFile === model.file && manifest.modelName === model.name);
  if (running) await stopped(running);
  await training.start(model);
}
