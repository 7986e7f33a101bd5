import * as vscode from 'vscode';
import { registerCommands } from './commands/commands';
import { commandIds } from './contributions';
import { LensProvider } from './modelFiles/lensProvider';
import { modelFileSelector, ModelFiles } from './modelFiles/modelFiles';
import { RunProblems } from './modelFiles/runProblems';
import { Panels } from './panels/panels';
import { RunStatus } from './statusBar/runStatus';
import { RunStore } from './training/runStore';
import { Training } from './training/training';

/** VAE Lab in an editor window; hosts live on without it. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('VAE Lab', { log: true });
  const files = new ModelFiles();
  const runs = new RunStore(context.extensionPath, context.globalStorageUri.fsPath);
  const problems = new RunProblems(files);
  const training = new Training(runs, () => panels, problems, log);
  const restored = runs.restore().catch((error: unknown) => { log.error(String(error)); });
  const panels: Panels = new Panels(context.extensionUri, runs, restored, async (name, subject) => {
    if (name === 'openModelFile') await vscode.window.showTextDocument(vscode.Uri.file(subject.file), { viewColumn: vscode.ViewColumn.One });
    else await vscode.commands.executeCommand(commandIds[name], { file: subject.file, name: subject.name });
  });
  const lenses = new LensProvider(files, runs);
  context.subscriptions.push(
    log, files, runs, problems, training, panels, lenses, new RunStatus(runs),
    vscode.languages.registerCodeLensProvider(modelFileSelector, lenses),
    registerCommands({ runs, panels, files, training, log }),
  );
}
