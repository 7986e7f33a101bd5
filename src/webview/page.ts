import { createPortConnection } from '../protocol/postMessage';
import { clientOf, type Api, type Events, type Requests } from '../protocol/rpc';

interface Editor { postMessage(message: unknown): void; setState(state: unknown): void }
declare function acquireVsCodeApi(): Editor;

/** The extension's side of a page, over its contract. */
export function connectPage<R extends Requests, E extends Events>(requests: R, events: E): Api<R, E> {
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
  editor.setState({}); // the page is brought back after a reload only where it kept something
  return client;
}
