import path from 'node:path';
import * as vscode from 'vscode';
import { examine } from '../../client/doctor';
import { doctorText } from '../../protocol/doctor';
import { hostSentence } from '../hostSentence';
import { configuredNode } from '../training/hostSettings';

const SCHEME = 'vae-lab-doctor';

/** Tries every engine, and shows what came of it as a page in the editor. */
export class Doctor implements vscode.Disposable {
  #text = '';
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #page = vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t('Engine Doctor')}.md` });
  readonly #provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, { onDidChange: this.#changed.event, provideTextDocumentContent: () => this.#text });

  constructor(private readonly extension: vscode.Extension<unknown>) {}

  async show(): Promise<void> {
    const node = await configuredNode();
    const { version } = this.extension.packageJSON as { version: string };
    const cancel = new AbortController();
    try {
      const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Engine Doctor'), cancellable: true }, (progress, token) => {
        token.onCancellationRequested(() => { cancel.abort(); });
        let shown = 0;
        return examine({
          node, hostScript: path.join(this.extension.extensionPath, 'dist', 'host.js'), version, signal: cancel.signal,
          onProgress: (engine, fraction) => {
            progress.report({ message: vscode.l10n.t('Trying the engine {0}', engine), increment: 100 * fraction - shown });
            shown = 100 * fraction;
          },
        });
      });
      this.#text = doctorText(report, (text, ...values) => (values.length === 0 ? hostSentence(text) : vscode.l10n.t(text, ...values)));
    } catch (error) {
      if (cancel.signal.aborted) return;
      throw error;
    }
    this.#changed.fire(this.#page);
    await vscode.commands.executeCommand('markdown.showPreview', this.#page);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}
