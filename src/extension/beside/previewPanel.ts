import * as vscode from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc';
import { errorText } from '../../protocol/errorText';
import { previewRequests, type Preview } from '../../protocol/previewApi';
import { serve } from '../../protocol/rpc';
import { sourceOf } from '../../protocol/run';
import { sameFile } from '../../runs/sameFile';
import { commandIds, modelFilePattern, previewViewType } from '../contributions';
import { hostSentence } from '../hostSentence';
import { samplesInWords } from '../../protocol/samplesInWords';
import { openDocument } from '../modelFiles/fileNow';
import { stateText } from '../modelFiles/lensTitles';
import type { ModelFiles, ModelReference } from '../modelFiles/modelFiles';
import { createPanel } from '../panels/createPanel';
import { portOf } from '../panels/pagePort';
import type { ShowPage } from '../panels/showPage';
import type { OpenRun } from '../training/openRun';
import type { RunStore } from '../training/runStore';
import type { Glimpses } from './glimpse';

const EVERY_MS = 1000;
const SEEDS = 2 ** 31;

/** A small view beside the editor: the samples of the model under the cursor, live or of its last run. */
export class PreviewPanel implements vscode.Disposable {
  readonly #connection: MessageConnection;
  readonly #subscriptions: vscode.Disposable[];
  #model: ModelReference | undefined;
  #run: OpenRun | undefined;
  #error: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(readonly panel: vscode.WebviewPanel, showPage: ShowPage, private readonly files: ModelFiles, private readonly runs: RunStore, private readonly glimpses: Glimpses, private readonly changed: () => void) {
    this.#connection = portOf(panel.webview, () => !this.#disposed);
    serve(this.#connection, previewRequests, {
      previewSnapshot: () => Promise.resolve({ preview: this.#preview(), texts: vscode.l10n.bundle ?? {}, locale: vscode.env.language }),
      previewCommand: async ({ name }) => { await vscode.commands.executeCommand(commandIds[name], this.#model); return {}; },
    });
    this.#connection.listen();
    this.#subscriptions = [
      panel.onDidDispose(() => { this.dispose(); }), panel.onDidChangeViewState(() => { this.#later(); }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => { this.#follow(textEditor); }), vscode.window.onDidChangeActiveTextEditor((editor) => { this.#follow(editor); }),
      vscode.workspace.onDidSaveTextDocument((document) => { void this.#saved(document); }), runs.onDidChange(() => { this.#later(); }),
    ];
    showPage(panel, 'preview', vscode.l10n.t('Samples'));
    for (const editor of [...vscode.window.visibleTextEditors, vscode.window.activeTextEditor]) this.#follow(editor);
    if (!this.#model) void this.#show();
  }

  shows(run: OpenRun): boolean { return this.#run === run; }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#connection.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.panel.dispose();
    this.changed();
  }

  /** Takes up what others changed about its run. */
  refresh(): void { void this.#show(); }

  #follow(editor: vscode.TextEditor | undefined): void {
    if (!editor || vscode.languages.match({ pattern: modelFilePattern }, editor.document) === 0) return;
    const model = this.files.modelAt(editor.document, editor.selection.active.line);
    if (!model || (model.name === this.#model?.name && sameFile(editor.document.uri.fsPath, this.#model.file))) return;
    this.#model = { file: editor.document.uri.fsPath, name: model.name };
    this.#run = undefined;
    void this.#show();
  }

  async #saved(document: vscode.TextDocument): Promise<void> {
    if (!this.#model || !sameFile(document.uri.fsPath, this.#model.file)) return;
    if (this.#run && !this.#run.live) await this.glimpses.of(this.#run).drawAgain(Math.floor(Math.random() * SEEDS)).catch((error: unknown) => { this.#error = errorText(error); });
    await this.#show();
  }

  /** The model that trains, where none was under the cursor since the panel is there, as when it was brought back. */
  #trained(): ModelReference | undefined {
    const manifest = this.runs.live.at(-1)?.manifest;
    return manifest && { file: manifest.modelFile, name: manifest.modelName };
  }

  #later(): void { this.#timer ??= setTimeout(() => { this.#timer = undefined; void this.#show(); }, EVERY_MS); }

  async #show(): Promise<void> {
    if (this.#disposed || !this.panel.visible) return;
    this.#model ??= this.#trained();
    const model = this.#model;
    const latest = model && this.runs.latest(model);
    if (latest?.id !== this.#run?.id) {
      this.#error = undefined;
      const run = latest && await this.runs.view(latest.id).catch((error: unknown) => { this.#error = errorText(error); return undefined; });
      if (model !== this.#model) return; // the cursor has gone on
      this.#run = run;
      this.changed();
    }
    if (this.#run) await this.glimpses.of(this.#run).refresh(false).catch((error: unknown) => { this.#error = errorText(error); });
    if (!this.#disposed) await this.#connection.sendNotification('preview', this.#preview()).catch(() => undefined);
  }

  #preview(): Preview {
    const [model, run] = [this.#model, this.#run];
    const state = model ? stateText(run?.manifest, vscode.l10n.t, hostSentence) : '';
    if (!model || !run) return { ...(model ? { model } : {}), state, seed: 1, isFixed: true, isChanged: false, ...(this.#error === undefined ? {} : { error: this.#error }) };
    const { strip, seed, fixedSeed } = this.glimpses.of(run);
    const text = openDocument(model.file)?.getText();
    return {
      model, state, seed, isFixed: seed === fixedSeed, isChanged: text !== undefined && run.manifest.source !== '' && text !== sourceOf(run.manifest),
      ...(strip ? { samples: { strip, are: samplesInWords(strip.count, run.manifest.prior, vscode.l10n.t) } } : {}), ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }
}

/** The one preview of a window. */
export class PreviewPanels implements vscode.Disposable {
  #open: PreviewPanel | undefined;
  constructor(private readonly showPage: ShowPage, private readonly files: ModelFiles, private readonly runs: RunStore, private readonly glimpses: Glimpses, private readonly changed: () => void) {}

  get all(): readonly vscode.WebviewPanel[] { return this.#open ? [this.#open.panel] : []; }

  /** Opens it beside the code, which keeps the focus. */
  show(): void {
    if (this.#open) this.#open.panel.reveal(undefined, true);
    else this.restore(createPanel(previewViewType, vscode.l10n.t('Samples'), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }));
  }
  /** Takes over a panel that VS Code made, or brought back. */
  restore(panel: vscode.WebviewPanel): void {
    this.#open?.dispose();
    const made: PreviewPanel = new PreviewPanel(panel, this.showPage, this.files, this.runs, this.glimpses, () => { this.changed(); });
    this.#open = made;
    panel.onDidDispose(() => { if (this.#open === made) this.#open = undefined; });
  }
  shows(run: OpenRun): boolean { return this.#open?.shows(run) ?? false; }
  refresh(): void { this.#open?.refresh(); }
  dispose(): void { this.#open?.dispose(); }
}
