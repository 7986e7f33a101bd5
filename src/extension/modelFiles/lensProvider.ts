import * as vscode from 'vscode';
import { commandIds, modelFilePattern } from '../contributions';
import { hostSentence } from '../hostSentence';
import type { RunStore } from '../training/runStore';
import { editLenses, editsInWords } from './editLenses';
import { editsOf } from './editsOf';
import { firstLens, stateText } from './lensTitles';
import type { ModelFiles, ModelReference } from './modelFiles';
import { Refresher, textChange, type TextChange } from './refresher';

const titlesOf = (lenses: readonly vscode.CodeLens[]): string => lenses.map(({ command }) => command?.title).join('\n');

/** Four lenses above each model, always four, so that no line jumps. */
export class LensProvider implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  /** By document: the titles that VS Code was answered last, since an editor came to show it. */
  readonly #answered = new Map<string, string>();
  #seen: readonly vscode.TextEditor[] = [];
  readonly #refresher = new Refresher(() => { this.#changed.fire(); }, () => this.#change());

  constructor(private readonly files: ModelFiles, private readonly runs: RunStore) {
    this.#subscriptions = [
      runs.onDidChange(() => { this.#refresher.changed(); }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { this.#refresher.changed(); }),
      vscode.window.onDidChangeVisibleTextEditors(() => { this.#look(); }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => { this.#answered.delete(uri.toString()); }),
    ];
    this.#look();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lenses = this.#lenses(document);
    const [key, titles] = [document.uri.toString(), titlesOf(lenses)];
    this.#refresher.asked(this.#answered.get(key) !== titles);
    this.#answered.set(key, titles);
    return lenses;
  }

  /** Of an editor that is new VS Code asks by itself, unless it loses the focus before; until then it shows what it last knew, which no click reaches. */
  #look(): void {
    const seen = vscode.window.visibleTextEditors.filter(({ document }) => vscode.languages.match({ pattern: modelFilePattern }, document));
    for (const editor of seen) if (!this.#seen.includes(editor)) this.#answered.delete(editor.document.uri.toString());
    this.#seen = seen;
    this.#refresher.changed();
  }

  /** What the lenses that are seen would say otherwise now. */
  #change(): TextChange {
    const changes = this.#seen.map(({ document }) => textChange(this.#answered.get(document.uri.toString()) ?? '', titlesOf(this.#lenses(document))));
    return changes.find((change) => change === 'words') ?? changes.find((change) => change === 'numbers') ?? 'none';
  }

  #lenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return this.files.models(document).flatMap((found) => {
      const { name, range } = found;
      const line = Math.min(range.line, document.lineCount - 1);
      const model: ModelReference = { file: document.uri.fsPath, name };
      const lens = (title: string, command: string): vscode.CodeLens => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: [model] });
      const sampleTitle = vscode.l10n.t('Sample');
      const exploreTitle = vscode.l10n.t('Explore');
      if (!vscode.workspace.isTrusted) {
        return [vscode.l10n.t('Train VAE'), sampleTitle, exploreTitle, vscode.l10n.t('off: this folder is not trusted')].map((title) => lens(title, 'workbench.trust.manage'));
      }
      const run = this.runs.latest(model);
      const edits = editsOf(found, document.getText(), run);
      const offered = editLenses(edits);
      if (offered) {
        const offers = { applyEdits: vscode.l10n.t('Apply live'), branchHere: vscode.l10n.t('Branch here'), restart: vscode.l10n.t('Restart'), sample: sampleTitle, explore: exploreTitle };
        return [...offered.map((offer) => lens(offers[offer], commandIds[offer])), lens(editsInWords(edits), commandIds.openPanel)];
      }
      const first = firstLens(run);
      const titles = { train: vscode.l10n.t('Train VAE'), pause: vscode.l10n.t('Pause'), resume: vscode.l10n.t('Resume') };
      return [lens(titles[first], commandIds[first]), lens(sampleTitle, commandIds.sample), lens(exploreTitle, commandIds.explore), lens(stateText(run, vscode.l10n.t, hostSentence), commandIds.openPanel)];
    });
  }

  dispose(): void {
    this.#refresher.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}
