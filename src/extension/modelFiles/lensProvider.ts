import * as vscode from 'vscode';
import { commandIds } from '../contributions';
import { hostSentence } from '../hostSentence';
import type { RunStore } from '../training/runStore';
import { editLenses, editsInWords } from './editLenses';
import { editsOf } from './editsOf';
import { firstLens, stateText } from './lensTitles';
import type { ModelFiles, ModelReference } from './modelFiles';
import { Refresher } from './refresher';

const REFRESH_MS = 500;
const PATIENCE_MS = 5000;

/** Four lenses above each model, always four, so that no line jumps. */
export class LensProvider implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  readonly #refresher = new Refresher(() => { this.#changed.fire(); }, REFRESH_MS, PATIENCE_MS);

  constructor(private readonly files: ModelFiles, private readonly runs: RunStore) {
    this.#subscriptions = [
      runs.onDidChange(() => { this.#refresher.changed(); }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { this.#changed.fire(); }),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    this.#refresher.asked();
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
      const run = this.runs.latest(model.file, name);
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
