import type * as vscode from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc';
import { createPortConnection } from '../../protocol/postMessage';

/** The connection to a webview's page, while it is there. Call `listen()` when the handlers are set. */
export const portOf = (webview: vscode.Webview, isThere: () => boolean): MessageConnection => createPortConnection({
  post: (message) => { if (isThere()) void webview.postMessage(message); },
  listen: (listener) => { const registration = webview.onDidReceiveMessage(listener); return () => { registration.dispose(); }; },
});
