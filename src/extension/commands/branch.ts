import * as vscode from 'vscode';
import { RunDirectory } from '../../runs/runDirectory';
import type { ListedRun } from '../../runs/registry';
import { isModelReference, type ModelReference } from '../modelFiles/modelFiles';
import { offerTraining } from './offerTraining';
import { askHyperparameter } from './setHyperparameter';
import { chooseListedRun } from './chooseListedRun';
import type { CommandContext } from './commands';

/** One of a run's checkpoints; the only one is not asked for. */
async function chooseCheckpoint({ dir }: ListedRun): Promise<number | undefined> {
  const { checkpoints } = new RunDirectory(dir);
  const steps = await checkpoints.steps();
  if (steps.length <= 1) return steps[0];
  const best = (await checkpoints.newest()).checkpoint?.best;
  const items = steps.map((step, index) => ({
    label: vscode.l10n.t('step {0}', step.toLocaleString(vscode.env.language)), step,
    description: [...(index === 0 ? [vscode.l10n.t('newest')] : []), ...(best?.step === step ? [vscode.l10n.t('best, held-out loss {0} nats', best.loss.toFixed(1))] : [])].join(' \u00b7 '),
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('From which checkpoint?') }))?.step;
}

/** Starts a new run from a checkpoint, with a hyperparameter changed: of the panel's run, the model's newest, or the one picked. */
export async function branchRun({ runs, panels, training }: CommandContext, argument: unknown): Promise<void> {
  const model: ModelReference | undefined = isModelReference(argument) ? argument : panels.active?.reference;
  const all = (await runs.list()).filter(({ manifest, newer }) => newer !== true && manifest.stepsPerEpoch > 0
    && (!model || (model.runId === undefined ? manifest.modelFile === model.file && manifest.modelName === model.name : manifest.id === model.runId)));
  const listed = model ? all[0] : await chooseListedRun(all);
  if (!listed) {
    if (all.length === 0) await offerTraining(vscode.l10n.t('There is no run to branch from. Train a model first.'), model);
    return;
  }
  const step = await chooseCheckpoint(listed);
  if (step === undefined) {
    if ((await new RunDirectory(listed.dir).checkpoints.steps()).length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('This run has no checkpoint yet. Train it for an epoch, or stop it, and one is written.'));
    return;
  }
  const changed = await askHyperparameter(vscode.l10n.t('Branch {0} from step {1}', listed.manifest.modelName, step.toLocaleString(vscode.env.language)), listed.manifest, vscode.l10n.t('Which hyperparameter is to be different?'), vscode.l10n.t('None'));
  if (changed) await training.branch(listed, { step, set: changed === 'none' ? {} : { [changed.name]: changed.value } });
}
