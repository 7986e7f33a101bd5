import * as vscode from 'vscode';
import { commandIds, modelFilePattern, panelViewType, previewViewType, runsViewType, type CommandName } from './contributions';
import type { VaeWindow } from './window';

/** Registers everything, and loads the rest when the window first has to do with models: a window without any pays next to nothing. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('VAE Lab', { log: true });
  const lensesChanged = new vscode.EventEmitter<void>();
  let opening: Promise<VaeWindow> | undefined;
  const open = (): Promise<VaeWindow> => (opening ??= import('./window').then(({ openWindow }) => {
    const window = openWindow(context, log);
    context.subscriptions.push(window.lenses.onDidChangeCodeLenses(() => { lensesChanged.fire(); }));
    return window;
  }));
  context.subscriptions.push(
    log, lensesChanged,
    vscode.languages.registerCodeLensProvider({ pattern: modelFilePattern }, { onDidChangeCodeLenses: lensesChanged.event, provideCodeLenses: async (document) => (await open()).lenses.provideCodeLenses(document) }),
    vscode.window.registerWebviewPanelSerializer(panelViewType, { deserializeWebviewPanel: async (panel, state) => (await open()).panels.restore(panel, state) }),
    vscode.window.registerWebviewPanelSerializer(previewViewType, { deserializeWebviewPanel: async (panel) => { (await open()).beside.preview.restore(panel); } }),
    vscode.window.registerWebviewPanelSerializer(runsViewType, { deserializeWebviewPanel: async (panel) => { (await open()).runsPanels.restore(panel); } }),
    ...(Object.keys(commandIds) as CommandName[]).map((name) => vscode.commands.registerCommand(commandIds[name], async (argument: unknown) => (await open()).commands[name](argument))),
  );
  // Runs of this folder's models may be live: they are found again, and shown in the status bar.
  void vscode.workspace.findFiles(modelFilePattern, '**/node_modules/**', 1).then((found) => (found.length > 0 ? open() : undefined));
}
