import { CancellationTokenSource, ResponseError, type MessageConnection } from 'vscode-jsonrpc';
import type * as z from 'zod';
import { hostEvents, hostRequests, type CancelSignal, type HostApi } from './hostApi';
import { errorText } from './errorText';

/** The other side is gone; every pending call ends with this. */
export class ConnectionClosedError extends Error {}

/** A channel's calls, each with its parameter and result schema. */
export type Requests = Readonly<Record<string, { readonly params: z.ZodType; readonly result: z.ZodType }>>;
/** A channel's events, each with its payload's schema. */
export type Events = Readonly<Record<string, z.ZodType>>;
export type Params<R extends Requests, M extends keyof R> = z.input<R[M]['params']>;
export type Checked<R extends Requests, M extends keyof R> = z.output<R[M]['params']>;
export type Result<R extends Requests, M extends keyof R> = z.output<R[M]['result']>;
export type Payload<E extends Events, N extends keyof E> = z.output<E[N]>;

/** One side of a channel as its caller sees it. */
export interface Api<R extends Requests, E extends Events> {
  request<M extends keyof R & string>(method: M, params: Params<R, M>, signal?: CancelSignal): Promise<Result<R, M>>;
  /** Returns a disposer. */
  on<N extends keyof E & string>(event: N, listener: (payload: Payload<E, N>) => void): () => void;
}
export type Handlers<R extends Requests> = { [M in keyof R & string]: (params: Checked<R, M>) => Promise<Result<R, M>> };
export type HostHandlers = Handlers<typeof hostRequests>;

const INVALID_PARAMS = -32602;
const FAILED = -32000;

/** Whether a call was refused for what it was given, such as a number that is out of its range. */
export const isRefusedValue = (error: unknown): boolean => error instanceof ResponseError && error.code === INVALID_PARAMS;

/** Calls over a connection; results and events are validated as they come in. */
export function clientOf<R extends Requests, E extends Events>(connection: MessageConnection, requests: R, events: E): Api<R, E> {
  let closed = false;
  const listeners: { [N in keyof E & string]?: Set<(payload: Payload<E, N>) => void> } = {};
  /** One handler a name is all that the connection keeps, so it is shared by an event's listeners. */
  const listenersOf = <N extends keyof E & string>(event: N): Set<(payload: Payload<E, N>) => void> => {
    const known = listeners[event];
    if (known) return known;
    const made = new Set<(payload: Payload<E, N>) => void>();
    listeners[event] = made;
    connection.onNotification(event, (payload: unknown) => {
      const checked = (events[event] as E[N]).safeParse(payload);
      if (checked.success) for (const listener of made) listener(checked.data as Payload<E, N>);
    });
    return made;
  };
  connection.onClose(() => { closed = true; });
  connection.onDispose(() => { closed = true; });
  return {
    async request<M extends keyof R & string>(method: M, params: Params<R, M>, signal?: CancelSignal): Promise<Result<R, M>> {
      if (closed) throw new ConnectionClosedError('The training host is gone.');
      const cancel = new CancellationTokenSource();
      signal?.addEventListener('abort', () => { cancel.cancel(); });
      if (signal?.aborted) cancel.cancel();
      let answer: unknown;
      try {
        answer = await connection.sendRequest(method, params, cancel.token);
      } catch (error) {
        if (closed) throw new ConnectionClosedError('The training host is gone.');
        throw error;
      }
      return (requests[method] as R[M]).result.parse(answer) as Result<R, M>;
    },
    on<N extends keyof E & string>(event: N, listener: (payload: Payload<E, N>) => void): () => void {
      const of = listenersOf(event);
      of.add(listener);
      return () => { of.delete(listener); };
    },
  };
}
export const hostClient = (connection: MessageConnection): HostApi => clientOf(connection, hostRequests, hostEvents);

export interface ServeOptions<R extends Requests> {
  /** Says in a sentence why a call is not taken (before hello, say). */
  readonly refuse?: (method: keyof R & string) => string | undefined;
  /** A call is one more that is worked on, or one less. */
  readonly onCall?: (change: 1 | -1) => void;
}
/** Answers calls. */
export function serve<R extends Requests>(connection: MessageConnection, requests: R, handlers: Handlers<R>, { refuse, onCall }: ServeOptions<R> = {}): void {
  for (const method of Object.keys(requests) as (keyof R & string)[]) {
    connection.onRequest(method, async (params: unknown) => {
      const refused = refuse?.(method);
      if (refused !== undefined) throw new ResponseError(FAILED, refused);
      const checked = (requests[method] as R[typeof method]).params.safeParse(params);
      if (!checked.success) throw new ResponseError(INVALID_PARAMS, `${method}: ${checked.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
      onCall?.(1);
      try {
        return await handlers[method](checked.data as Checked<R, typeof method>);
      } catch (error) {
        throw error instanceof ResponseError ? error : new ResponseError(error instanceof RangeError ? INVALID_PARAMS : FAILED, errorText(error));
      } finally {
        onCall?.(-1);
      }
    });
  }
}
