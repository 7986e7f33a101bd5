import path from 'node:path';
import * as vscode from 'vscode';
import type { Manifest } from '../../protocol/run';
import { hostSentence } from '../hostSentence';
import { openDocument } from './fileNow';
import type { ModelFiles } from './modelFiles';

/** What a problem tells of. */
export type FailedRun = Pick<Manifest, 'state' | 'modelFile' | 'modelName'> & Partial<Pick<Manifest, 'id' | 'hyperparameters'>>;

/** As the editor has it open, where it does: by another way than the run's, perhaps. */
const uriOf = (file: string): vscode.Uri => openDocument(file)?.uri ?? vscode.Uri.file(file);

/** What went wrong with runs, in the Problems panel: at its line where there is one, else at the model. */
export class RunProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('vae-lab');
  readonly #edited = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0) this.#collection.delete(document.uri); });
  readonly #failed = new Map<string, FailedRun>();
  constructor(private readonly files: ModelFiles) {}

  clear(file: string): void { this.#collection.delete(uriOf(file)); }

  /** A file, or a folder, is not where it was. */
  forget(file: string): void {
    const { path } = vscode.Uri.file(file);
    this.#collection.forEach((uri) => { if (uri.path === path || uri.path.startsWith(`${path}/`)) this.#collection.delete(uri); });
  }

  /** Of which run a problem in this file tells; one that never began has no more than its model. */
  failedRun(uri: vscode.Uri): FailedRun | undefined { return this.#collection.has(uri) ? this.#failed.get(uri.toString()) : undefined; }

  /** Nothing for a run that did not fail. */
  async show(run: FailedRun): Promise<void> {
    const { state, modelFile, modelName } = run;
    if (state.kind !== 'failed') return;
    const { message, location, code } = state.error;
    const uri = uriOf(location?.file ?? modelFile);
    let range = location ? new vscode.Range(location.line - 1, (location.column ?? 1) - 1, location.line - 1, Number.MAX_SAFE_INTEGER) : new vscode.Range(0, 0, 0, 0);
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      const model = this.files.models(document).find(({ name }) => name === modelName);
      if (!location && model) range = document.lineAt(Math.min(model.range.line, document.lineCount - 1)).range;
      range = document.validateRange(range);
      // The whole line where the column is unknown or at its end.
      if (range.isEmpty) range = document.lineAt(range.start.line).range;
    } catch { /* the file is gone; the message still says what happened */ }
    const diagnostic = new vscode.Diagnostic(range, hostSentence(message), vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'VAE Lab';
    diagnostic.code = code;
    this.#failed.set(uri.toString(), run);
    this.#collection.set(uri, [diagnostic]);
  }

  dispose(): void {
    this.#edited.dispose();
    this.#collection.dispose();
  }
}

export const modelLabel = ({ modelFile, modelName }: Pick<Manifest, 'modelFile' | 'modelName'>): string => modelName || path.basename(modelFile);
