import { describe, expect, it, vi } from 'vitest';
import type { Message } from 'vscode-jsonrpc';
import * as z from 'zod';
import { createPortConnection } from '../../../src/protocol/postMessage';
import { clientOf, ConnectionClosedError, serve } from '../../../src/protocol/rpc';

const requests = { double: { params: z.object({ value: z.number() }), result: z.object({ value: z.number() }) } } as const;
const events = { told: z.object({ text: z.string() }) } as const;

/** Two ends that hand each other structured clones, as postMessage does. */
function pair() {
  const heard: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const end = (mine: 0 | 1, theirs: 0 | 1) => createPortConnection({
    post: (message: Message) => { const sent: unknown = structuredClone(message); queueMicrotask(() => { for (const listener of heard[theirs]) listener(sent); }); },
    listen: (listener) => { heard[mine].push(listener); return () => { heard[mine].splice(heard[mine].indexOf(listener), 1); }; },
  });
  const [caller, answerer] = [end(0, 1), end(1, 0)];
  return { caller, answerer, tell: (message: unknown) => { for (const listener of heard[0]) listener(message); } };
}

describe('clientOf and serve', () => {
  it('carries a call, its error, and what does not fit either schema', async () => {
    const { caller, answerer } = pair();
    serve(answerer, requests, { double: ({ value }) => {
      if (value < 0) return Promise.reject(new Error('Too small.'));
      return Promise.resolve({ value: value === 0 ? (NaN) : 2 * value });
    } });
    const client = clientOf(caller, requests, events);
    caller.listen();
    answerer.listen();
    expect(await client.request('double', { value: 21 })).toEqual({ value: 42 });
    await expect(client.request('double', { value: -1 })).rejects.toThrow('Too small.');
    await expect(client.request('double', { value: 0 })).rejects.toThrow();
    await expect(caller.sendRequest('double', { value: 'x' })).rejects.toThrow(/value/);
  });

  it('tells every listener of an event, until it lets go; what does not fit is passed over', async () => {
    const { caller, answerer } = pair();
    const client = clientOf(caller, requests, events);
    caller.listen();
    answerer.listen();
    const [first, second] = [vi.fn(), vi.fn()];
    const off = client.on('told', first);
    const twice = new Promise<void>((resolve) => { client.on('told', (payload) => { second(payload); if (second.mock.calls.length === 2) resolve(); }); });
    await answerer.sendNotification('told', { text: 'a' });
    await vi.waitFor(() => { expect(first).toHaveBeenCalledOnce(); });
    off();
    await answerer.sendNotification('told', { text: 7 });
    await answerer.sendNotification('told', { text: 'b' });
    await twice;
    expect(first.mock.calls).toEqual([[{ text: 'a' }]]);
    expect(second.mock.calls).toEqual([[{ text: 'a' }], [{ text: 'b' }]]);
  });

  it('passes over messages of others, and ends what is pending when it is closed', async () => {
    const { caller, answerer, tell } = pair();
    serve(answerer, requests, { double: () => new Promise(() => undefined) });
    const client = clientOf(caller, requests, events);
    caller.listen();
    answerer.listen();
    for (const strange of [undefined, 'text', { type: 'other' }, { jsonrpc: '1.0' }]) tell(strange);
    const pending = client.request('double', { value: 1 });
    caller.dispose();
    await expect(pending).rejects.toThrow();
    await expect(client.request('double', { value: 1 })).rejects.toBeInstanceOf(ConnectionClosedError);
  });
});
