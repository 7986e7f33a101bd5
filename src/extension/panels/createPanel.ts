import * as vscode from 'vscode';

/** What a panel's tab is called. */
export const panelTitle = (title: string): string => vscode.l10n.t('{0} \u00b7 VAE Lab', title);

/**
 * Tabs of a type that are seen and that nothing holds: VS Code keeps the tabs of an extension host that was killed, asks nobody to restore them, and they are empty. One that is not
 * seen may still be restored when it is.
 * `held`: the panels of this type that are alive.
 */
export const deadTabs = (viewType: string, held: readonly vscode.WebviewPanel[]): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ isActive, input, label }) =>
  isActive && input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType) && !held.some(({ title }) => title === label))); // VS Code puts a word before the type

/** A new panel; a dead tab of its title gives way to it. `held`: the panels of this type that are alive. */
export function createPanel(viewType: string, name: string, show: { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus: boolean }, held: readonly vscode.WebviewPanel[] = []): vscode.WebviewPanel {
  const title = panelTitle(name);
  const stale = deadTabs(viewType, held).filter(({ label }) => label === title);
  const panel = vscode.window.createWebviewPanel(viewType, title, { ...show, viewColumn: stale[0]?.group.viewColumn ?? show.viewColumn }, { enableScripts: true });
  if (stale.length > 0) void vscode.window.tabGroups.close(stale, true);
  return panel;
}
