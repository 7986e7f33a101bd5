import type * as vscode from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc';
import { createPortConnection } from '../../protocol/postMessage';

/** The connection to a webview's page, while it is alive. Call `listen()` when the handlers are set. */
export const portOf = (webview: vscode.Webview, isAlive: () => boolean): MessageConnection => createPortConnection({
  post: (message) => { if (isAlive()) void webview.postMessage(message); },
  listen: (listener) => { const registration = webview.onDidReceiveMessage(listener); return () => { registration.dispose(); }; },
});
