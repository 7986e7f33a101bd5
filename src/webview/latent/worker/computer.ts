import { createPortConnection } from '../../../protocol/postMessage';
import { clientOf, type Api } from '../../../protocol/rpc';
import source from './worker?worker';
import { workerEvents, workerRequests } from './workerApi';

export interface Computer extends Api<typeof workerRequests, typeof workerEvents> { end(): void }

let address: string | undefined;
/** A worker of its own, from a blob: an editor's pages may load no script from where their own came. End it, or its work goes on. */
export function startComputer(): Computer {
  address ??= URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const connection = createPortConnection({
    post: (message) => { worker.postMessage(message); },
    listen: (listener) => {
      const heard = ({ data }: MessageEvent<unknown>): void => { listener(data); };
      worker.addEventListener('message', heard);
      return () => { worker.removeEventListener('message', heard); };
    },
  });
  const client = clientOf(connection, workerRequests, workerEvents);
  connection.listen();
  return { ...client, end: () => { connection.dispose(); worker.terminate(); } };
}
