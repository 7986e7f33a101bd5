import * as vscode from 'vscode';
import { deadTabs } from './createPanel';

const SESSION = 'session';

/** Panels of one type. */
export interface PanelKind {
  readonly viewType: string;
  /** Those that are alive. */
  readonly held: () => readonly vscode.WebviewPanel[];
  /** Opens the panel of a dead tab's title anew, which takes its place; where it is not given, the tab is closed. */
  readonly reopen?: (title: string) => void;
}

/** Brings panels back after an extension host's end in a window that goes on, which VS Code does not: those that are seen, and others when they are. */
export class Revival implements vscode.Disposable {
  #tabs: vscode.Disposable | undefined;
  #disposed = false;

  /** `memento`: of the workspace. `ready`: when the runs are known, by which time VS Code has restored what it does restore. */
  constructor(private readonly kinds: readonly PanelKind[], memento: vscode.Memento, ready: Promise<void>) {
    const { sessionId } = vscode.env;
    const isSameWindow = memento.get(SESSION) === sessionId;
    void memento.update(SESSION, sessionId);
    if (isSameWindow) void ready.then(() => { this.#begin(); });
  }

  dispose(): void {
    this.#disposed = true;
    this.#tabs?.dispose();
  }

  #begin(): void {
    if (this.#disposed) return;
    this.#tabs = vscode.window.tabGroups.onDidChangeTabs(() => { this.#look(); });
    this.#look();
  }

  #look(): void {
    for (const { viewType, held, reopen } of this.kinds) {
      const dead = deadTabs(viewType, held());
      if (dead.length === 0) continue;
      if (reopen) for (const { label } of dead) reopen(label);
      else void vscode.window.tabGroups.close(dead, true);
    }
  }
}
