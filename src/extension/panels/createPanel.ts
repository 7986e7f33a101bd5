import * as vscode from 'vscode';

/** What a panel's tab is called. */
export const panelTitle = (title: string): string => vscode.l10n.t('{0} \u00b7 VAE Lab', title);

const isPanel = ({ input, label }: vscode.Tab, viewType: string, title: string): boolean => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType) && label === title; // VS Code puts a word before the type

/**
 * A new panel, in the place of a tab that nothing holds: VS Code keeps the tabs of an extension host that was killed, asks nobody to restore them, and they are empty. One that is not seen may
 * still be restored when it is.
 * `held`: the panels of this type that are alive.
 */
export function createPanel(viewType: string, name: string, show: { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus: boolean }, held: readonly vscode.WebviewPanel[] = []): vscode.WebviewPanel {
  const title = panelTitle(name);
  const stale = held.some((panel) => panel.title === title) ? [] : vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter((tab) => tab.isActive && isPanel(tab, viewType, title)));
  const panel = vscode.window.createWebviewPanel(viewType, title, { ...show, viewColumn: stale[0]?.group.viewColumn ?? show.viewColumn }, { enableScripts: true });
  if (stale.length > 0) void vscode.window.tabGroups.close(stale, true);
  return panel;
}
