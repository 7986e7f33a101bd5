import * as vscode from 'vscode';
import { nameAmong, nameAt } from '../../protocol/modelName';
import { panelSubjectSchema, type ViewAsked } from '../../protocol/panelApi';
import type { Manifest } from '../../protocol/run';
import { sameFile } from '../../runs/sameFile';
import { panelViewType } from '../contributions';
import type { ModelReference } from '../modelFiles/modelFiles';
import { isOfWindow } from '../modelFiles/runsOf';
import type { RunStore } from '../training/runStore';
import { createPanel, panelTitle } from './createPanel';
import type { KeptState } from './keptState';
import { RunPanel, type FollowFile, type PanelCommand } from './runPanel';
import type { ShowPage } from './showPage';

/** The open panels, one a model; they come back after a reload. */
export class Panels implements vscode.Disposable {
  readonly #panels = new Set<RunPanel>();

  constructor(private readonly showPage: ShowPage, private readonly runs: RunStore, private readonly restored: Promise<void>, private readonly command: PanelCommand, private readonly kept: KeptState, private readonly follow: FollowFile) {}

  get all(): readonly vscode.WebviewPanel[] { return [...this.#panels].map(({ panel }) => panel); }
  get active(): RunPanel | undefined { return [...this.#panels].find(({ panel }) => panel.active); }
  find({ file, name }: ModelReference): RunPanel | undefined { return [...this.#panels].find((panel) => panel.name === name && sameFile(panel.file, file)); }

  /** The model's panel, made beside the code where there is none, in place of a dead tab that is `called` so. With something to look at it takes the focus. */
  open(model: ModelReference, look?: ViewAsked, called?: string): RunPanel {
    const known = this.find(model);
    if (known) {
      known.reveal(look);
      return known;
    }
    const panel = createPanel(panelViewType, called ?? nameAmong(model, this.#subjects), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: look === undefined }, this.all);
    return this.#keep(new RunPanel(panel, model, look ?? { view: 'training' }, this.showPage, this.command, this.kept, this.follow));
  }

  /** VS Code brings a panel back; its state comes from disk. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const subject = panelSubjectSchema.safeParse(state);
    if (!subject.success || this.find(subject.data)) { // not understood, or opened anew meanwhile
      panel.dispose();
      return;
    }
    const kept = this.#keep(new RunPanel(panel, subject.data, { view: 'training' }, this.showPage, this.command, this.kept, this.follow));
    await this.#showAgain(kept, this.restored, subject.data.runId);
  }

  /** Lets a panel show a run when it is read, and some of a long one before; none where there is none. @throws what reading it does */
  async showRun(panel: RunPanel, runId: string | Promise<string | undefined>): Promise<void> {
    const known = Promise.resolve(runId);
    const glimpse = known.then((id) => (id === undefined ? undefined : this.runs.glimpse(id))).catch(() => undefined); // why a run cannot be read is told by reading it
    await panel.showRead(glimpse.then(async () => {
      const id = await known;
      return id === undefined ? undefined : this.runs.view(id);
    }), glimpse);
  }

  /** The panel of that title anew, of the model whose run is the newest; those of this window's folders go before others. */
  reopen(title: string): void {
    const calledSo = ({ modelFile: file, modelName: name }: Manifest): string | undefined => [name, nameAt(name, file)].find((called) => panelTitle(called) === title);
    const models = this.runs.known.map(({ manifest }) => manifest).filter((manifest) => calledSo(manifest) !== undefined).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    const model = models.find(({ modelFile }) => isOfWindow(modelFile)) ?? models[0];
    if (model) void this.#showAgain(this.open({ file: model.modelFile, name: model.modelName }, undefined, calledSo(model)), Promise.resolve());
  }

  /** A run is no longer there: a panel of it shows what is left of its model. */
  forget(runId: string): void {
    for (const panel of this.#panels) {
      if (panel.run?.id !== runId) continue;
      panel.show(undefined);
      void this.#showAgain(panel, this.runs.list().then(() => undefined));
    }
  }

  dispose(): void { for (const panel of this.#panels) panel.dispose(); }

  /** The run that it showed, else the newest of its model. Its page is told of no run before it is known whether there is one. */
  async #showAgain(panel: RunPanel, listed: Promise<void>, shown?: string): Promise<void> {
    await this.showRun(panel, listed.then(() => (this.runs.known.some(({ manifest }) => manifest.id === shown) ? shown : this.runs.latest(panel.reference)?.id ?? shown))).catch(() => { if (!panel.run) panel.show(undefined); });
  }

  get #subjects(): readonly ModelReference[] { return [...this.#panels].map(({ reference }) => reference); }

  /** Two models of one name have tabs that can be told apart. */
  #call(): void {
    for (const { panel, reference } of this.#panels) {
      const title = panelTitle(nameAmong(reference, this.#subjects));
      if (panel.title !== title) panel.title = title;
    }
  }

  #keep(panel: RunPanel): RunPanel {
    this.#panels.add(panel);
    panel.onDidClose(() => {
      this.#panels.delete(panel);
      this.#call();
    });
    panel.onDidMove(() => { this.#call(); });
    this.#call();
    return panel;
  }
}
