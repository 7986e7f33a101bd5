import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelTitle } from './createPanel';
import { panelHtml } from './panelHtml';

/** Pages of their own bundle: `dist/NAME.js` and `.css`. */
export type PageName = 'webview' | 'preview' | 'runs' | 'doctor';

/** Shows a page in a panel: its script, its style sheet, and the extension's icon. */
export type ShowPage = (panel: vscode.WebviewPanel, name: PageName, title: string) => void;

/** Runs that train on this machine stand back for a page that is opened or seen again, until it asks for what it shows, and then while it draws that. */
const OPENING_MS = 1500;
const DRAWING_MS = 300;

/** Pages of the extension in this folder. `giveWay`: lets runs stand back for so many milliseconds from now. */
export const pageShower = (extensionUri: vscode.Uri, giveWay: (ms: number) => void): ShowPage => (panel, name, title) => {
  let [isSeen, isAwaited] = [panel.visible, true];
  giveWay(OPENING_MS);
  panel.onDidChangeViewState(() => {
    if (panel.visible && !isSeen) { // a hidden page is gone, and made anew
      isAwaited = true;
      giveWay(OPENING_MS);
    }
    isSeen = panel.visible;
  });
  const { webview } = panel;
  webview.onDidReceiveMessage(() => {
    if (isAwaited) giveWay(DRAWING_MS);
    isAwaited = false;
  });
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  panel.title = panelTitle(title);
  panel.iconPath = { light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'), dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg') };
  webview.html = panelHtml({
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, `${name}.js`)).toString(), style: webview.asWebviewUri(vscode.Uri.joinPath(dist, `${name}.css`)).toString(),
    styleSource: webview.cspSource, nonce: randomBytes(16).toString('base64url'), language: vscode.env.language, title,
  });
};
