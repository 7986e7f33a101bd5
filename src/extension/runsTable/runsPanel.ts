import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc';
import type { RunRow, runsRequests as Requests } from '../../protocol/runsApi';
import { runsRequests } from '../../protocol/runsApi';
import { serve, type Checked, type Handlers } from '../../protocol/rpc';
import { deleteRun, restoreRun } from '../../runs/deletedRuns';
import { changeNotes } from '../../runs/notes';
import type { ListedRun } from '../../runs/registry';
import { commandIds, runsViewType } from '../contributions';
import { modelLabel } from '../modelFiles/runProblems';
import { createPanel } from '../panels/createPanel';
import { portOf } from '../panels/pagePort';
import type { Panels } from '../panels/panels';
import { saveFile } from '../panels/saveFile';
import type { ShowPage } from '../panels/showPage';
import type { RunStore } from '../training/runStore';
import { comparedRun } from './compareRuns';
import { cleanUp, diskUse } from './disk';
import { RunDocuments } from './runDocuments';
import { RunRows } from './runRows';

const EVERY_MS = 1000;
/** Runs that other windows train are read from their folders so often. */
const ELSEWHERE_MS = 5000;
export type Section = 'runs' | 'disk';
const none = {};

/** The table of all runs, in a panel of its own. */
class RunsPanel {
  readonly #connection: MessageConnection;
  readonly #rows = new RunRows();
  readonly #subscriptions: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #elsewhere: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(readonly panel: vscode.WebviewPanel, showPage: ShowPage, private readonly runs: RunStore, private readonly panels: Panels, private readonly documents: RunDocuments, private section: Section) {
    this.#connection = portOf(panel.webview, () => !this.#disposed);
    serve(this.#connection, runsRequests, this.#handlers());
    this.#connection.listen();
    this.#subscriptions = [
      panel.onDidDispose(() => { this.#dispose(); }), panel.onDidChangeViewState(() => { this.#later(); }),
      runs.onDidChange((run) => {
        if (run && !run.live) this.#rows.forget(run.id);
        this.#later();
      }),
    ];
    showPage(panel, 'runs', vscode.l10n.t('Runs'));
  }

  show(section: Section): void {
    this.section = section;
    this.panel.reveal(this.panel.viewColumn);
    if (!this.#disposed) void this.#connection.sendNotification('section', { section }).catch(() => undefined);
  }

  #dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#elsewhere);
    this.#connection.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #later(): void { this.#timer ??= setTimeout(() => { this.#timer = undefined; void this.#send(); }, EVERY_MS); }
  async #send(): Promise<void> {
    if (this.#disposed || !this.panel.visible) return;
    const rows = await this.#read();
    await this.#connection.sendNotification('rows', { rows }).catch(() => undefined); // the panel may be closed meanwhile
    clearTimeout(this.#elsewhere);
    if (rows.some(({ id, live }) => live && !this.runs.opened(id))) this.#elsewhere = setTimeout(() => { void this.runs.list(); }, ELSEWHERE_MS); // which nobody tells this window of
  }
  #read(): Promise<RunRow[]> { return this.#rows.of(this.runs.known, (id) => this.runs.opened(id)); }

  #find(id: string): ListedRun {
    const found = this.runs.known.find(({ manifest }) => manifest.id === id);
    if (!found) throw new Error(vscode.l10n.t('The run {0} is no longer there.', id));
    return found;
  }

  /** Changes something of runs, and shows the table as it is then. */
  async #change(ids: readonly string[], change: (id: string) => Promise<void>): Promise<Record<string, never>> {
    try {
      for (const id of ids) {
        await change(id);
        this.#rows.forget(id);
      }
    } finally {
      await this.runs.list();
      await this.#send();
    }
    return none;
  }

  async #delete(id: string): Promise<void> {
    const { dir, live } = this.#find(id);
    if (live) throw new Error(vscode.l10n.t('The run {0} is training. Stop it first.', id));
    await this.runs.close(id);
    await deleteRun(id, dir);
    this.panels.forget(id);
  }

  async #compared({ ids, range, most }: Checked<typeof Requests, 'compareRuns'>) {
    const runs = await Promise.all(ids.map((id) => this.runs.view(id)));
    return { runs: runs.flatMap((run) => (run ? [comparedRun(run, range, most)] : [])) };
  }

  #handlers(): Handlers<typeof Requests> {
    return {
      runsSnapshot: async () => {
        await this.runs.list();
        return { rows: await this.#read(), texts: vscode.l10n.bundle ?? {}, locale: vscode.env.language, section: this.section };
      },
      openRun: async ({ id }) => {
        const { manifest } = this.#find(id);
        await this.panels.showRun(this.panels.open({ file: manifest.modelFile, name: manifest.modelName }, { view: 'training' }), id);
        return none;
      },
      openManifest: async ({ id }) => { await vscode.window.showTextDocument(vscode.Uri.file(path.join(this.#find(id).dir, 'run.json')), { preview: true }); return none; },
      renameRun: ({ id, label }) => this.#change([id], (one) => changeNotes(this.#find(one).dir, { label: label.trim() })),
      pinRun: ({ id, pinned }) => this.#change([id], (one) => changeNotes(this.#find(one).dir, { pinned })),
      deleteRuns: ({ ids }) => this.#change(ids, (id) => this.#delete(id)),
      restoreRuns: ({ ids }) => this.#change(ids, restoreRun),
      compareRuns: (asked) => this.#compared(asked),
      diffRuns: async ({ left, right, what }) => {
        const [a, b] = [this.#find(left).manifest, this.#find(right).manifest];
        await this.documents.diff(a, b, what, (manifest) => `${modelLabel(manifest)} ${manifest.id}`);
        return none;
      },
      exportRun: async ({ id }) => { await vscode.commands.executeCommand(commandIds.exportRun, { runId: id }); return none; },
      saveFile: async (file) => {
        const newest = this.runs.known[0]?.manifest.modelFile;
        await saveFile(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? (newest === undefined ? os.homedir() : path.dirname(newest)), file);
        return none;
      },
      trainModel: async () => { await vscode.commands.executeCommand(commandIds.train); return none; },
      diskUse: () => diskUse(this.runs.known),
      cleanUp: async ({ what }) => { await cleanUp(what); return diskUse(this.runs.known); },
    };
  }
}

/** The one such panel of a window. */
export class RunsPanels implements vscode.Disposable {
  #open: RunsPanel | undefined;
  readonly #documents: RunDocuments;
  constructor(private readonly showPage: ShowPage, private readonly runs: RunStore, private readonly panels: Panels) {
    this.#documents = new RunDocuments(async (id) => {
      const find = () => runs.known.find(({ manifest }) => manifest.id === id)?.manifest;
      if (!find()) await runs.list(); // a document that VS Code kept over a reload
      return find();
    });
  }

  get all(): readonly vscode.WebviewPanel[] { return this.#open ? [this.#open.panel] : []; }

  show(section: Section): void {
    if (this.#open) this.#open.show(section);
    else this.#make(section, false);
  }
  /** The panel anew, which does not take the focus. */
  reopen(): void { this.#make('runs', true); }
  #make(section: Section, preserveFocus: boolean): void { this.restore(createPanel(runsViewType, vscode.l10n.t('Runs'), { viewColumn: vscode.ViewColumn.Active, preserveFocus }), section); }
  /** Takes over a panel that VS Code made, or brought back. */
  restore(panel: vscode.WebviewPanel, section: Section = 'runs'): void {
    this.#open?.panel.dispose();
    const made = new RunsPanel(panel, this.showPage, this.runs, this.panels, this.#documents, section);
    this.#open = made;
    panel.onDidDispose(() => { if (this.#open === made) this.#open = undefined; });
  }
  dispose(): void {
    this.#open?.panel.dispose();
    this.#documents.dispose();
  }
}
