import * as vscode from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc';
import { doctorRequests, type DoctorState } from '../../protocol/doctorApi';
import { serve, type Handlers } from '../../protocol/rpc';
import { doctorViewType } from '../contributions';
import { createPanel } from './createPanel';
import { portOf } from './pagePort';
import type { ShowPage } from './showPage';

/** What the page asks for, besides its state. */
export type DoctorHandlers = Omit<Handlers<typeof doctorRequests>, 'doctorSnapshot'>;

/** The engine doctor's page in the editor. */
export class DoctorPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #connection: MessageConnection;
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidClose = this.#closed.event;
  #disposed = false;

  constructor(showPage: ShowPage, private state: DoctorState, handlers: DoctorHandlers) {
    const title = vscode.l10n.t('Engine Doctor');
    this.panel = createPanel(doctorViewType, title, { viewColumn: vscode.ViewColumn.Active, preserveFocus: false });
    this.#connection = portOf(this.panel.webview, () => !this.#disposed);
    serve(this.#connection, doctorRequests, { ...handlers, doctorSnapshot: () => Promise.resolve({ texts: vscode.l10n.bundle ?? {}, locale: vscode.env.language, state: this.state }) });
    this.#connection.listen();
    this.panel.onDidDispose(() => { this.dispose(); });
    this.panel.onDidChangeViewState(() => { this.#send(); }); // one that was called hidden for a moment kept its page
    showPage(this.panel, 'doctor', title);
  }

  show(state: DoctorState): void {
    this.state = state;
    this.#send();
  }
  reveal(): void { this.panel.reveal(); }

  /** A hidden page is gone, and asks for the state when it is back. */
  #send(): void {
    if (!this.#disposed && this.panel.visible) void this.#connection.sendNotification('doctorState', this.state).catch(() => undefined);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#connection.dispose();
    this.#closed.fire();
    this.#closed.dispose();
    this.panel.dispose();
  }
}
