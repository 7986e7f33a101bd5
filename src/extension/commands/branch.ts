import * as vscode from 'vscode';
import * as z from 'zod';
import { RunDirectory } from '../../runs/runDirectory';
import type { ListedRun } from '../../runs/registry';
import { isModelReference, type ModelReference } from '../modelFiles/modelFiles';
import { isMeant } from '../modelFiles/runsOf';
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

/** What the command takes beside a model; what is given is not asked for. */
const givenSchema = z.object({
  /** Of a checkpoint; 'now': of one that a live run writes for it, or the newest of one that has ended. */
  step: z.union([z.number().int().nonnegative(), z.literal('now')]).optional(),
  /** Hyperparameters to be different; `{}`: none. */
  set: z.record(z.string(), z.number()).optional(),
});
export type BranchReference = ModelReference & z.infer<typeof givenSchema>;

/** The step of a checkpoint that a live run writes for it; else the newest. */
async function checkpointNow({ runs }: CommandContext, { live, dir, manifest }: ListedRun): Promise<number | undefined> {
  const run = live ? await runs.view(manifest.id) : undefined;
  return run ? (await (await run.host()).request('saveCheckpoint', {})).step : (await new RunDirectory(dir).checkpoints.steps())[0];
}

/** Starts a new run from a checkpoint, with a hyperparameter changed: of the panel's run, the model's newest, or the one picked. `argument`: a BranchReference. */
export async function branchRun(context: CommandContext, argument: unknown): Promise<void> {
  const { runs, panels, training } = context;
  const { step: wanted, set } = givenSchema.safeParse(argument).data ?? {};
  const model: ModelReference | undefined = isModelReference(argument) ? argument : panels.active?.reference;
  const all = (await runs.list()).filter(({ manifest, newer }) => newer !== true && manifest.stepsPerEpoch > 0
    && (!model || isMeant(manifest, model)));
  const listed = model ? all[0] : await chooseListedRun(all);
  if (!listed) {
    if (all.length === 0) await offerTraining(vscode.l10n.t('There is no run to branch from. Train a model first.'), model);
    return;
  }
  const step = wanted === 'now' ? await checkpointNow(context, listed) : wanted ?? await chooseCheckpoint(listed);
  if (step === undefined) {
    if ((await new RunDirectory(listed.dir).checkpoints.steps()).length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('This run has no checkpoint yet. Train it for an epoch, or stop it, and one is written.'));
    return;
  }
  if (set) return training.branch(listed, { step, set });
  const changed = await askHyperparameter(vscode.l10n.t('Branch {0} from step {1}', listed.manifest.modelName, step.toLocaleString(vscode.env.language)), listed.manifest, vscode.l10n.t('Which hyperparameter is to be different?'), vscode.l10n.t('None'));
  if (changed) await training.branch(listed, { step, set: changed === 'none' ? {} : { [changed.name]: changed.value } });
}
