import * as vscode from 'vscode';
import { canResume } from '../../protocol/run';
import type { ListedRun } from '../../runs/registry';
import { isModelReference, type ModelReference } from '../modelFiles/modelFiles';
import { isMeant } from '../modelFiles/runsOf';
import { chooseLiveRun } from './chooseRun';
import { chooseListedRun } from './chooseListedRun';
import type { CommandContext } from './commands';

/** Lets a paused training go on, or one that has ended before its last step: of the lens, the focused panel, or the one picked. */
export async function resumeTraining(context: CommandContext, argument: unknown, none: string): Promise<void> {
  const { runs, panels, training } = context;
  const model: ModelReference | undefined = isModelReference(argument) ? argument : panels.active?.reference;
  const about = (manifest: ListedRun['manifest']): boolean => !model || isMeant(manifest, model);
  const live = runs.live.filter((run) => about(run.manifest));
  if (live.length === 0) {
    const all = (await runs.list()).filter(({ manifest, newer }) => newer !== true && canResume(manifest) && about(manifest));
    const chosen = model ? all[0] : await chooseListedRun(all);
    if (chosen) return training.resume(chosen);
    if (all.length > 0) return undefined;
  }
  const run = await chooseLiveRun(context, argument, ({ manifest }) => manifest.state.kind === 'paused', runs.live.length === 0 ? none : vscode.l10n.t('No training is paused.'));
  if (run) await (await run.host()).request('resume', {});
}
