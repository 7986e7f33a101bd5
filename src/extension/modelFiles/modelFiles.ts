import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, modelFilePattern } from '../contributions';
import { findModels, type ModelInText } from '../../spec/findModels';

const SEARCH_LIMIT = 200;

/** A model as commands take it; with a run of it, that one is meant and not its newest. */
export interface ModelReference { readonly file: string; readonly name: string; readonly runId?: string }
export const isModelReference = (value: unknown): value is ModelReference =>
  typeof value === 'object' && value !== null && 'file' in value && typeof value.file === 'string' && 'name' in value && typeof value.name === 'string';

/** Models by their text; a text that does not parse keeps those of the last that did. */
export class ModelFiles implements vscode.Disposable {
  readonly #last = new Map<string, { readonly version: number; readonly models: readonly ModelInText[] }>();
  readonly #closed = vscode.workspace.onDidCloseTextDocument((document) => { this.#last.delete(document.uri.toString()); });

  models(document: vscode.TextDocument): readonly ModelInText[] {
    const key = document.uri.toString();
    const known = this.#last.get(key);
    if (known?.version === document.version) return known.models;
    const { models, parsed } = findModels(document.getText());
    const kept = parsed || !known ? models : known.models;
    this.#last.set(key, { version: document.version, models: kept });
    return kept;
  }

  /** The model that a line belongs to: the last one above it, else the first. */
  modelAt(document: vscode.TextDocument, line: number): ModelInText | undefined {
    const models = this.models(document);
    return models.filter(({ range }) => range.line <= line).at(-1) ?? models[0];
  }

  /** The model at the cursor. */
  get open(): ModelReference | undefined {
    const { document, selection } = vscode.window.activeTextEditor ?? {};
    if (!document || !vscode.languages.match({ pattern: modelFilePattern }, document)) return undefined;
    const model = this.modelAt(document, selection?.active.line ?? 0);
    return model && { file: document.uri.fsPath, name: model.name };
  }

  /** The model at the cursor, else one that the person picks. `undefined`: none was chosen, and why was said. */
  async choose(prompt: string): Promise<ModelReference | undefined> {
    const { open } = this;
    if (open) return open;
    const document = vscode.window.activeTextEditor?.document;
    if (document && vscode.languages.match({ pattern: modelFilePattern }, document)) {
      void vscode.window.showWarningMessage(vscode.l10n.t('{0} exports no model. Write: export const digits = vae({ ... });', path.basename(document.uri.fsPath)));
      return undefined;
    }
    return this.#pick(prompt);
  }

  async #pick(prompt: string): Promise<ModelReference | undefined> {
    const uris = await vscode.workspace.findFiles(modelFilePattern, '**/node_modules/**', SEARCH_LIMIT);
    const open = vscode.workspace.textDocuments.filter((document) => vscode.languages.match({ pattern: modelFilePattern }, document)).map(({ uri }) => uri);
    const all = [...new Map([...uris, ...open].map((uri) => [uri.toString(), uri])).values()].sort((a, b) => a.fsPath.localeCompare(b.fsPath));
    const items = (await Promise.all(all.map(async (uri) => this.models(await vscode.workspace.openTextDocument(uri)).map(({ name }) => ({
      label: name, description: vscode.workspace.asRelativePath(uri), model: { file: uri.fsPath, name } })))).catch(() => [])).flat();
    if (items.length === 0) {
      const make = vscode.l10n.t('New Model File');
      const answer = await vscode.window.showInformationMessage(vscode.l10n.t('There is no model file (*.vae.ts) here yet. Make one to begin.'), make);
      if (answer === make) await vscode.commands.executeCommand(commandIds.newModelFile);
      return undefined;
    }
    return (await vscode.window.showQuickPick(items, { title: prompt, placeHolder: vscode.l10n.t('Which model?'), matchOnDescription: true }))?.model;
  }

  dispose(): void { this.#closed.dispose(); }
}
