import path from 'node:path';
import * as vscode from 'vscode';
import type { ViewAsked } from '../../protocol/panelApi';
import type { Beside } from '../beside/beside';
import { fixSamples, sampleAgain } from '../beside/besideCommands';
import type { CommandName } from '../contributions';
import { isModelReference, type ModelFiles, type ModelReference } from '../modelFiles/modelFiles';
import { hostSentence } from '../hostSentence';
import { newModelFile } from '../modelFiles/newModelFile';
import { showCode } from '../modelFiles/showCode';
import type { Panels } from '../panels/panels';
import type { OpenRun } from '../training/openRun';
import type { RunsPanels } from '../runsTable/runsPanel';
import type { RunStore } from '../training/runStore';
import type { Training } from '../training/training';
import { branchRun } from './branch';
import { chooseUse } from './chooseUse';
import { trusted } from '../trust';
import { chooseLiveRun } from './chooseRun';
import type { Doctor } from './doctor';
import { applyEdits, branchHere, restart } from './edits';
import { offerTraining } from './offerTraining';
import { resumeTraining } from './resume';
import { setHyperparameter } from './setHyperparameter';
import { setUpTensorflowEngine } from './setUpTensorflow';
import { exportOpenRun } from './exportRun';
import { errorText } from '../../protocol/errorText';

export interface CommandContext {
  readonly runs: RunStore;
  readonly panels: Panels;
  readonly beside: Beside;
  readonly runsPanels: RunsPanels;
  readonly files: ModelFiles;
  readonly training: Training;
  readonly doctor: Doctor;
  readonly extensionFolder: string;
  /** When the runs of before are known. */
  readonly restored: Promise<void>;
  readonly log: vscode.LogOutputChannel;
}

/** A run as the table of runs names it. */
const isRunReference = (value: unknown): value is { readonly runId: string } => typeof value === 'object' && value !== null && 'runId' in value && typeof value.runId === 'string';

export type Commands = { readonly [N in CommandName]: (argument: unknown) => Promise<void> };

/** What each command does; what one throws is shown and logged. */
export function commandsOf(context: CommandContext): Commands {
  const { runs, panels, beside, runsPanels, files, training, log } = context;
  const none = (): string => vscode.l10n.t('No training is running. Train a model first.');

  const engines = (): string => vscode.l10n.t('Engines are not started in a folder that is not trusted.');
  const chooseModel = async (argument: unknown, prompt: string): Promise<ModelReference | undefined> =>
    isModelReference(argument) ? argument : panels.active ? { file: panels.active.file, name: panels.active.name } : files.choose(prompt);

  async function withModel(argument: unknown, prompt: string, act: (context: CommandContext, model: ModelReference) => Promise<void>): Promise<void> {
    const model = await chooseModel(argument, prompt);
    if (model) await act(context, model);
  }

  async function control(argument: unknown, method: 'pause' | 'stop', fits: (run: OpenRun) => boolean, otherwise: string): Promise<void> {
    const run = await chooseLiveRun(context, argument, fits, runs.live.length === 0 ? none() : otherwise);
    if (run) await (await run.host()).request(method, {});
  }

  /** Shows the model's newest run, in the panel's view. */
  async function look(argument: unknown, prompt: string, asked: ViewAsked | undefined): Promise<void> {
    const model = await chooseModel(argument, prompt);
    if (!model) return;
    if (!runs.latest(model)) await context.restored;
    const latest = runs.latest(model);
    if (!latest && asked !== undefined) {
      await offerTraining(vscode.l10n.t('{0} has no run yet. Train it first.', model.name), model);
      return;
    }
    const panel = panels.open(model, asked);
    if (latest) await panels.showRun(panel, latest.id); else panel.show(undefined);
  }

  /** The model's newest run, opened; why there is none is said. */
  async function newest(argument: unknown, prompt: string): Promise<{ run: OpenRun; model: ModelReference } | undefined> {
    const model = await chooseModel(argument, prompt);
    const latest = model && runs.latest(model);
    const run = latest && await runs.view(latest.id);
    if (model && !run) await offerTraining(vscode.l10n.t('{0} has no run yet. Train it first.', model.name), model);
    return model && run && { run, model };
  }

  const actions: Commands = {
    train: async (argument) => {
      const model = await chooseModel(argument, vscode.l10n.t('Train VAE'));
      if (model) await training.start(model);
    },
    pause: (argument) => control(argument, 'pause', ({ manifest }) => manifest.state.kind !== 'paused', vscode.l10n.t('The training is paused already.')),
    resume: (argument) => resumeTraining(context, argument, none()),
    branch: (argument) => branchRun(context, argument),
    applyEdits: (argument) => withModel(argument, vscode.l10n.t('Apply live'), applyEdits),
    branchHere: (argument) => withModel(argument, vscode.l10n.t('Branch here'), branchHere),
    restart: (argument) => withModel(argument, vscode.l10n.t('Restart'), restart),
    stop: (argument) => control(argument, 'stop', () => true, none()),
    setHyperparameter: async (argument) => {
      const run = await chooseLiveRun(context, argument, () => true, none());
      if (run) await setHyperparameter(run);
    },
    sample: (argument) => look(argument, vscode.l10n.t('Sample'), { view: 'samples' }),
    explore: (argument) => look(argument, vscode.l10n.t('Explore Latent Space'), { view: 'latent' }),
    evaluate: (argument) => look(argument, vscode.l10n.t('Evaluate'), { view: 'evaluation' }),
    useFor: async (argument) => {
      const asked = await chooseUse();
      if (asked) await look(argument, vscode.l10n.t('Use Model For'), asked);
    },
    openPanel: (argument) => look(argument, vscode.l10n.t('Open Panel'), undefined),
    sampleAgain: async (argument) => {
      const found = await newest(argument, vscode.l10n.t('Sample again'));
      if (found) await sampleAgain(found.run, beside);
    },
    fixSamples: async (argument) => {
      const found = await newest(argument, vscode.l10n.t('Use as fixed z'));
      if (found) await fixSamples(found.run, found.model, beside);
    },
    previewSamples: () => { beside.preview.show(); return Promise.resolve(); },
    newModelFile: (argument) => newModelFile(argument instanceof vscode.Uri ? argument : undefined),
    setUpTensorflow: async () => { if (await trusted(engines())) await setUpTensorflowEngine(context.extensionFolder); },
    doctor: async (argument) => {
      if (!await trusted(engines())) return;
      context.doctor.show(isModelReference(argument) ? argument : panels.active ? { file: panels.active.file, name: panels.active.name } : files.open);
    },
    showRuns: () => { runsPanels.show('runs'); return Promise.resolve(); },
    showDisk: () => { runsPanels.show('disk'); return Promise.resolve(); },
    exportRun: async (argument) => {
      const named = isRunReference(argument) ? await runs.view(argument.runId) : undefined;
      const run = named ?? (await newest(argument, vscode.l10n.t('Export Run')))?.run;
      if (run) await exportOpenRun(run, context.extensionFolder);
    },
    openLog: async (argument) => {
      const run = isModelReference(argument) ? runs.latest(argument) : undefined;
      const open = run && await runs.view(run.id);
      if (open) await showCode(vscode.Uri.file(path.join(open.dir, 'host.log')), { preview: true });
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
