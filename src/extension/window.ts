import * as vscode from 'vscode';
import { Beside } from './beside/beside';
import { commandsOf, type Commands } from './commands/commands';
import { Doctor } from './commands/doctor';
import { doctorViewType, panelViewType, previewViewType, runsViewType } from './contributions';
import { DivergenceActions } from './modelFiles/divergenceActions';
import { FollowedFile } from './modelFiles/followedFile';
import { LensProvider } from './modelFiles/lensProvider';
import { hasFile, restoreModelFile } from './modelFiles/missingFile';
import { ModelFiles } from './modelFiles/modelFiles';
import { MovedFiles } from './modelFiles/movedFiles';
import { RunProblems } from './modelFiles/runProblems';
import { showCode } from './modelFiles/showCode';
import { Panels } from './panels/panels';
import { Revival } from './panels/revival';
import { KeptState } from './panels/keptState';
import { pageShower } from './panels/showPage';
import { RunStatus } from './statusBar/runStatus';
import { RunsPanels } from './runsTable/runsPanel';
import { RunStore } from './training/runStore';
import { Training } from './training/training';

/** What works in a window once it has to do with models. */
export interface VaeWindow { readonly commands: Commands; readonly lenses: LensProvider; readonly panels: Panels; readonly beside: Beside; readonly runsPanels: RunsPanels }

/** VAE Lab in an editor window; hosts live on without it. */
export function openWindow(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): VaeWindow {
  const files = new ModelFiles();
  const runs = new RunStore(context.extensionPath, context.globalStorageUri.fsPath);
  const problems = new RunProblems(files);
  const training = new Training(runs, () => panels, problems, log);
  const restored = runs.restore().catch((error: unknown) => { log.error(String(error)); });
  const showPage = pageShower(context.extensionUri, (ms) => { runs.giveWay(ms); });
  const panels: Panels = new Panels(showPage, runs, restored, async (name, subject) => {
    if (name === 'openModelFile') { if (await hasFile(subject, runs)) await showCode(vscode.Uri.file(subject.file)); }
    else if (name === 'restoreModelFile') await restoreModelFile(subject, runs);
    else await commands[name](subject);
  }, new KeptState(context.workspaceState), (model, told) => new FollowedFile(model, files, told));
  const lenses = new LensProvider(files, runs);
  const doctor = new Doctor(context.extension, showPage);
  const beside = new Beside(showPage, files, runs, panels, log);
  const runsPanels = new RunsPanels(showPage, runs, panels);
  const commands = commandsOf({ runs, panels, beside, runsPanels, files, training, doctor, extensionFolder: context.extensionPath, restored, log });
  const revival = new Revival([
    { viewType: panelViewType, held: () => panels.all, reopen: (title) => { panels.reopen(title); } },
    { viewType: previewViewType, held: () => beside.preview.all, reopen: () => { beside.preview.show(); } },
    { viewType: runsViewType, held: () => runsPanels.all, reopen: () => { runsPanels.reopen(); } },
    { viewType: doctorViewType, held: () => doctor.all },
  ], context.workspaceState, restored);
  context.subscriptions.push(files, runs, problems, training, panels, lenses, beside, runsPanels, doctor, new RunStatus(runs), revival, new MovedFiles(runs, problems, log), runs.onDidLose((id) => { panels.forget(id); }),
    vscode.languages.registerCodeActionsProvider([{ language: 'typescript' }, { language: 'javascript' }], new DivergenceActions(problems), { providedCodeActionKinds: DivergenceActions.kinds }));
  return { commands, lenses, panels, beside, runsPanels };
}
