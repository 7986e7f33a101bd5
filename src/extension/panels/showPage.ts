import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelTitle } from './createPanel';
import { panelHtml } from './panelHtml';

/** Pages of their own bundle: `dist/NAME.js` and `.css`. */
export type PageName = 'webview' | 'preview' | 'runs' | 'doctor';

/** Shows a page in a panel: its script, its style sheet, and the extension's icon. */
export function showPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, name: PageName, title: string): void {
  const { webview } = panel;
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  panel.title = panelTitle(title);
  panel.iconPath = { light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'), dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg') };
  webview.html = panelHtml({
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, `${name}.js`)).toString(), style: webview.asWebviewUri(vscode.Uri.joinPath(dist, `${name}.css`)).toString(),
    styleSource: webview.cspSource, nonce: randomBytes(16).toString('base64url'), language: vscode.env.language, title,
  });
}
