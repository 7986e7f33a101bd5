import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelFile } from '../../protocol/panelApi';
import { sameFile } from '../../runs/sameFile';
import { findModels } from '../../spec/findModels';
import { isThere, openDocument, textOnDisk } from './fileNow';
import type { ModelFiles, ModelReference } from './modelFiles';

/** What is typed is looked at when it pauses for so long. */
const PAUSE_MS = 150;
/** A file that is gone may be on its way to another place, or about to be written anew. */
const GONE_MS = 2000;
const isFile = (uri: vscode.Uri, file: string): boolean => uri.scheme === 'file' && sameFile(uri.fsPath, file);

/** A model's file as the editor has it, else as it is on the disk: `told` at first, and whenever what is known of it is different. */
export class FollowedFile implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #known = '';
  #looks = 0;
  #disposed = false;

  constructor(private readonly model: ModelReference, private readonly files: ModelFiles, private readonly told: (file: ModelFile) => void) {
    const { file } = model;
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file)));
    const look = (): void => { void this.#look(); };
    this.#subscriptions = [
      watcher, watcher.onDidCreate(look), watcher.onDidChange(look), watcher.onDidDelete(() => { this.#soon(GONE_MS); }),
      vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) => { if (isFile(uri, file)) this.#soon(); }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => { if (isFile(uri, file)) this.#soon(); }), // what was not saved is gone
    ];
    look();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #soon(milliseconds = PAUSE_MS): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { void this.#look(); }, milliseconds);
  }

  async #look(): Promise<void> {
    const { file, name } = this.model;
    const look = ++this.#looks;
    const document = openDocument(file);
    const text = document ? undefined : await textOnDisk(file);
    const isFound = document ? document.isDirty || await isThere(file) : text !== undefined;
    if (this.#disposed || look !== this.#looks) return; // a later one is under way
    const models = !isFound ? [] : document ? this.files.models(document) : findModels(text ?? '').models;
    const literals = models.find((model) => model.name === name)?.literals ?? {};
    const now: ModelFile = { isThere: isFound, numbers: Object.fromEntries(Object.entries(literals).map(([key, { value }]) => [key, value])) };
    const known = JSON.stringify(now);
    if (known === this.#known) return;
    this.#known = known;
    this.told(now);
  }
}
