import type { MessageConnection } from 'vscode-jsonrpc';
import { panelEvents, panelRequests, type PanelSubject } from '../protocol/panelApi';
import { createPortConnection } from '../protocol/postMessage';
import { clientOf, type Api, type Events, type Requests } from '../protocol/rpc';

export type PanelClient = Api<typeof panelRequests, typeof panelEvents>;
interface Editor { postMessage(message: unknown): void; setState(state: unknown): void }
declare function acquireVsCodeApi(): Editor;

function connectionTo(editor: Editor): MessageConnection {
  return createPortConnection({
    post: (message) => { editor.postMessage(message); },
    listen: (listener) => {
      const heard = ({ data }: MessageEvent<unknown>): void => { listener(data); };
      window.addEventListener('message', heard);
      return () => { window.removeEventListener('message', heard); };
    },
  });
}

/** The extension's side of any page. */
export function connectPage<R extends Requests, E extends Events>(requests: R, events: E): Api<R, E> {
  const connection = connectionTo(acquireVsCodeApi());
  const client = clientOf(connection, requests, events);
  connection.listen();
  return client;
}

/** The extension's side of this panel, and what VS Code keeps of it over a reload. */
export function connect(): { client: PanelClient; remember: (subject: PanelSubject) => void } {
  const editor = acquireVsCodeApi();
  const connection = connectionTo(editor);
  const client = clientOf(connection, panelRequests, panelEvents);
  connection.listen();
  return { client, remember: (subject) => { editor.setState(subject); } };
}
