import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelView } from '../../protocol/panelApi';
import type { CommandName } from '../contributions';
import { isModelReference, type ModelFiles, type ModelReference } from '../modelFiles/modelFiles';
import { hostSentence } from '../hostSentence';
import { newModelFile } from '../modelFiles/newModelFile';
import type { Panels } from '../panels/panels';
import type { OpenRun } from '../training/openRun';
import type { RunStore } from '../training/runStore';
import type { Training } from '../training/training';
import { chooseLiveRun } from './chooseRun';
import type { Doctor } from './doctor';
import { offerTraining } from './offerTraining';
import { setHyperparameter } from './setHyperparameter';
import { setUpTensorflowEngine } from './setUpTensorflow';
import { showRuns } from './showRuns';
import { errorText } from '../../protocol/errorText';

export interface CommandContext { readonly runs: RunStore; readonly panels: Panels; readonly files: ModelFiles; readonly training: Training; readonly doctor: Doctor; readonly extensionFolder: string; readonly log: vscode.LogOutputChannel }

export type Commands = { readonly [N in CommandName]: (argument: unknown) => Promise<void> };

/** What each command does; what one throws is shown and logged. */
export function commandsOf(context: CommandContext): Commands {
  const { runs, panels, files, training, log } = context;
  const none = (): string => vscode.l10n.t('No training is running. Train a model first.');

  const chooseModel = async (argument: unknown, prompt: string): Promise<ModelReference | undefined> =>
    isModelReference(argument) ? argument : panels.active ? { file: panels.active.file, name: panels.active.name } : files.choose(prompt);

  async function control(argument: unknown, method: 'pause' | 'resume' | 'stop', fits: (run: OpenRun) => boolean, otherwise: string): Promise<void> {
    const run = await chooseLiveRun(context, argument, fits, runs.live.length === 0 ? none() : otherwise);
    if (run) await (await run.host()).request(method, {});
  }

  /** Shows the model's newest run, in the panel's view. */
  async function look(argument: unknown, prompt: string, view: PanelView | undefined): Promise<void> {
    const model = await chooseModel(argument, prompt);
    if (!model) return;
    const latest = runs.latest(model.file, model.name);
    if (!latest && view !== undefined) {
      await offerTraining(vscode.l10n.t('{0} has no run yet. Train it first.', model.name), model);
      return;
    }
    const run = latest && await runs.view(latest.id);
    const panel = panels.open(model, view);
    if (panel.run !== run || !run) panel.show(run);
  }

  const actions: Commands = {
    train: async (argument) => {
      const model = await chooseModel(argument, vscode.l10n.t('Train VAE'));
      if (model) await training.start(model);
    },
    pause: (argument) => control(argument, 'pause', ({ manifest }) => manifest.state.kind !== 'paused', vscode.l10n.t('The training is paused already.')),
    resume: (argument) => control(argument, 'resume', ({ manifest }) => manifest.state.kind === 'paused', vscode.l10n.t('No training is paused.')),
    stop: (argument) => control(argument, 'stop', () => true, none()),
    setHyperparameter: async (argument) => {
      const run = await chooseLiveRun(context, argument, () => true, none());
      if (run) await setHyperparameter(run, files);
    },
    sample: (argument) => look(argument, vscode.l10n.t('Sample'), 'samples'),
    explore: (argument) => look(argument, vscode.l10n.t('Explore Latent Space'), 'latent'),
    openPanel: (argument) => look(argument, vscode.l10n.t('Open Panel'), undefined),
    newModelFile,
    setUpTensorflow: () => setUpTensorflowEngine(context.extensionFolder),
    doctor: (argument) => {
      context.doctor.show(isModelReference(argument) ? argument : panels.active ? { file: panels.active.file, name: panels.active.name } : files.open);
      return Promise.resolve();
    },
    showRuns: () => showRuns(runs, panels),
    openLog: async (argument) => {
      const run = isModelReference(argument) ? runs.latest(argument.file, argument.name) : undefined;
      const open = run && await runs.view(run.id);
      if (open) await vscode.window.showTextDocument(vscode.Uri.file(path.join(open.dir, 'host.log')), { preview: true, viewColumn: vscode.ViewColumn.One });
      else log.show();
    },
  };

  const guarded = (name: CommandName) => async (argument: unknown): Promise<void> => {
    try {
      await actions[name](argument);
    } catch (error) {
      const message = errorText(error);
      log.error(`${name}: ${message}`);
      void vscode.window.showErrorMessage(hostSentence(message));
    }
  };
  return Object.fromEntries((Object.keys(actions) as CommandName[]).map((name) => [name, guarded(name)])) as Commands;
}
