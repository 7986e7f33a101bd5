import { ResponseError, type MessageConnection } from 'vscode-jsonrpc';
import { hostEvents, hostRequests, type HostApi, type HostEvent, type HostEvents, type HostMethod, type HostParams, type HostResult } from './hostApi';

/** The other side is gone; every pending call ends with this. */
export class ConnectionClosedError extends Error {}

export const isHostMethod = (name: string): name is HostMethod => Object.hasOwn(hostRequests, name);
const INVALID_PARAMS = -32602;
const FAILED = -32000;

/** Calls over a connection; results and events are validated as they come in. */
export function hostClient(connection: MessageConnection): HostApi {
  let closed = false;
  connection.onClose(() => { closed = true; });
  connection.onDispose(() => { closed = true; });
  return {
    async request<M extends HostMethod>(method: M, params: HostParams<M>): Promise<HostResult<M>> {
      if (closed) throw new ConnectionClosedError('The training host is gone.');
      let answer: unknown;
      try {
        answer = await connection.sendRequest(method, params);
      } catch (error) {
        if (closed) throw new ConnectionClosedError('The training host is gone.');
        throw error;
      }
      return hostRequests[method].result.parse(answer) as HostResult<M>;
    },
    on<E extends HostEvent>(event: E, listener: (payload: HostEvents[E]) => void): () => void {
      const registration = connection.onNotification(event, (payload: unknown) => {
        const checked = hostEvents[event].safeParse(payload);
        if (checked.success) listener(checked.data as HostEvents[E]);
      });
      return () => { registration.dispose(); };
    },
  };
}

export type HostHandlers = { [M in HostMethod]: (params: HostResultInput<M>) => Promise<HostResult<M>> };
type HostResultInput<M extends HostMethod> = (typeof hostRequests)[M]['params']['_output'];

/** Answers calls; `allowed` refuses one with a sentence (before hello, say). */
export function serveHost(connection: MessageConnection, handlers: HostHandlers, allowed: (method: HostMethod) => string | undefined): void {
  for (const method of Object.keys(hostRequests) as HostMethod[]) {
    connection.onRequest(method, async (params: unknown) => {
      const refused = allowed(method);
      if (refused !== undefined) throw new ResponseError(FAILED, refused);
      const checked = hostRequests[method].params.safeParse(params);
      if (!checked.success) throw new ResponseError(INVALID_PARAMS, `${method}: ${checked.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
      try {
        return await (handlers[method] as (params: unknown) => Promise<unknown>)(checked.data);
      } catch (error) {
        throw error instanceof ResponseError ? error : new ResponseError(FAILED, error instanceof Error ? error.message : String(error));
      }
    });
  }
}
