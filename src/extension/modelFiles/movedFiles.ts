import * as vscode from 'vscode';
import { errorText } from '../../protocol/errorText';
import { sourceOf } from '../../protocol/run';
import { sameFile } from '../../runs/sameFile';
import { findModels } from '../../spec/findModels';
import { editedCode } from '../../spec/modelCode';
import { modelFilePattern } from '../contributions';
import type { RunStore } from '../training/runStore';
import { isThere, textOnDisk } from './fileNow';
import type { RunProblems } from './runProblems';

/** What another program moves is seen as a file that goes and one that comes, in either order and no further apart. */
const MOVING_MS = 1000;

/** Lets runs know where their model files went: moved in VS Code, or by another program, as by `git mv`. */
export class MovedFiles implements vscode.Disposable {
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #gone = new Set<string>();
  readonly #come = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly runs: RunStore, private readonly problems: RunProblems, private readonly log: vscode.LogOutputChannel) {
    const watcher = vscode.workspace.createFileSystemWatcher(modelFilePattern, false, true, false);
    this.#subscriptions = [
      vscode.workspace.onDidRenameFiles(({ files }) => { for (const { oldUri, newUri } of files) void this.#moved(oldUri.fsPath, newUri.fsPath); }),
      watcher, watcher.onDidCreate(({ fsPath }) => { this.#seen(this.#come, fsPath); }), watcher.onDidDelete(({ fsPath }) => { this.#seen(this.#gone, fsPath); }),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #seen(where: Set<string>, file: string): void {
    where.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { void this.#match(); }, MOVING_MS);
  }

  async #match(): Promise<void> {
    const [gone, come] = [[...this.#gone], [...this.#come]];
    this.#gone.clear();
    this.#come.clear();
    for (const to of come) {
      const text = await textOnDisk(to) ?? '';
      for (const from of gone) if (this.#isSame(from, text) && !await isThere(from)) await this.#moved(from, to);
    }
  }

  /** The text is that of a file's runs, but for numbers, which may have been written into it since. */
  #isSame(from: string, text: string): boolean {
    const names = findModels(text).models.map(({ name }) => name);
    return this.runs.known.some(({ manifest }) => sameFile(manifest.modelFile, from) && names.includes(manifest.modelName) && editedCode(text, sourceOf(manifest), manifest.modelName, manifest.hyperparameterSpecs).length === 0);
  }

  async #moved(from: string, to: string): Promise<void> {
    this.problems.forget(from);
    await this.runs.moveModels(from, to, ({ manifest: { id } }, error) => { this.log.warn(`${id}: where its model file went could not be told: ${errorText(error)}`); });
  }
}
