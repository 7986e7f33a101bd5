import { createPortConnection } from '../protocol/postMessage';
import { clientOf, type Api, type Events, type Requests } from '../protocol/rpc';

interface Editor { postMessage(message: unknown): void; setState(state: unknown): void; getState(): unknown }
declare function acquireVsCodeApi(): Editor;

/** What a page has of the editor. */
export interface Page<R extends Requests, E extends Events> {
  /** The extension's side, over the page's contract. */
  readonly client: Api<R, E>;
  /** What the page kept when it was hidden, or the window reloaded; to be checked. */
  readonly kept: unknown;
  readonly keep: (state: unknown) => void;
}

export function connectPage<R extends Requests, E extends Events>(requests: R, events: E): Page<R, E> {
  const editor = acquireVsCodeApi();
  const connection = createPortConnection({
    post: (message) => { editor.postMessage(message); },
    listen: (listener) => {
      const heard = ({ data }: MessageEvent<unknown>): void => { listener(data); };
      window.addEventListener('message', heard);
      return () => { window.removeEventListener('message', heard); };
    },
  });
  const client = clientOf(connection, requests, events);
  connection.listen();
  return { client, kept: editor.getState(), keep: (state) => { editor.setState(state); } };
}
