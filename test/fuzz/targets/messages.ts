import { PassThrough, Duplex } from 'node:stream';
import { hostEvents, hostRequests, PROTOCOL_VERSION } from '../../../src/protocol/hostApi';
import { panelEvents, panelRequests } from '../../../src/protocol/panelApi';
import { createPortConnection } from '../../../src/protocol/postMessage';
import { clientOf, ConnectionClosedError, serve, type Handlers } from '../../../src/protocol/rpc';
import { createSocketConnection } from '../../../src/wire/connection';
import { encodeFrame, FrameError, FrameReader } from '../../../src/wire/frames';
import { bytesOf, textOf, type Target } from '../target';

const strip = { count: 1, height: 2, width: 2, channels: 1, pixels: Uint8Array.of(1, 2, 3, 4) };
const requests = [
  { method: 'hello', params: { token: 'a'.repeat(64), protocolVersion: PROTOCOL_VERSION } }, { method: 'setHyperparameter', params: { name: 'beta', value: 2 } }, { method: 'decode', params: { z: Float32Array.of(1, 2) } },
  { method: 'encode', params: { indices: [0, 1] } }, { method: 'interpolate', params: { from: 0, to: 1, steps: 5 } }, { method: 'stop', params: {} },
];
const events = [
  { method: 'state', params: { state: { kind: 'preparing', what: 'Building the model', fraction: 0.5 }, lastStep: 3 } }, { method: 'metrics', params: { points: [{ step: 1, epoch: 1, split: 'train', seconds: 1, loss: 3, reconstruction: 2, kl: 1 }] } },
  { method: 'mark', params: { step: 1, seconds: 1, name: 'beta', from: 1, to: 2 } }, { method: 'images', params: { step: 1, originals: strip, reconstructions: strip, samples: strip } },
];
const answers = [{ id: 1, result: strip }, { id: 0, result: strip }, { id: 0, error: { code: -32000, message: 'The run is still getting ready.' } }];
const message = (parts: object): object => ({ jsonrpc: '2.0', ...parts });
const numbered = requests.map((request, id) => message({ id, ...request }));
const frames = (messages: readonly object[]): Uint8Array[] => messages.map((each) => encodeFrame(each));

/** Two ends of a pipe. */
function pipe(): [Duplex, PassThrough] {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const end = Duplex.from({ readable: there, writable: back });
  back.resume();
  return [end, there];
}
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
/** vscode-jsonrpc takes up one message a turn. */
const TURNS = 4;

/** A host that takes every call whose parameters fit, and is read to its end. */
async function intoHost(input: Uint8Array): Promise<void> {
  const [end, peer] = pipe();
  const connection = createSocketConnection(end);
  const handlers = Object.fromEntries(Object.keys(hostRequests).map((method) => [method, () => Promise.resolve({})])) as unknown as Handlers<typeof hostRequests>;
  serve(connection, hostRequests, handlers);
  connection.listen();
  peer.write(Buffer.from(input));
  for (let i = 0; i < TURNS; i++) await turn();
  end.destroy();
  connection.dispose();
}

/** A client that waits for an answer: it must get one, or hear that the connection is gone. */
async function intoClient(input: Uint8Array): Promise<void> {
  const [end, peer] = pipe();
  const connection = createSocketConnection(end);
  const api = clientOf(connection, hostRequests, hostEvents);
  for (const event of Object.keys(hostEvents) as (keyof typeof hostEvents)[]) api.on(event, () => undefined);
  connection.listen();
  const answered = api.request('sample', { count: 1, seed: 1 }).then(() => true, () => true);
  peer.write(Buffer.from(input));
  for (let i = 0; i < TURNS; i++) await turn();
  end.destroy();
  if (!(await Promise.race([answered, turn().then(turn).then(turn).then(() => false)]))) throw new Error('The call was left waiting.');
}

/** What comes by postMessage is a value; here any that JSON can say. */
function valueOf(input: Uint8Array): unknown {
  try { return JSON.parse(textOf(input)); } catch { return textOf(input); }
}
async function overPort(input: Uint8Array, connect: (connection: ReturnType<typeof createPortConnection>) => void): Promise<void> {
  let hear: (message: unknown) => void = () => undefined;
  const connection = createPortConnection({ post: () => undefined, listen: (listener) => { hear = listener; return () => undefined; } });
  connect(connection);
  connection.listen();
  hear(valueOf(input));
  for (let i = 0; i < TURNS; i++) await turn();
  connection.dispose();
}
const texts = (messages: readonly object[]): Uint8Array[] => messages.map((each) => bytesOf(JSON.stringify(each)));

/** Frames and messages, in both directions. */
export const messages = {
  frames: {
    seeds: () => [...frames([...numbered, ...events.map(message), ...answers.map(message)]), new Uint8Array(Buffer.concat(frames(numbered)))],
    read: (input) => {
      const reader = new FrameReader();
      const size = 1 + ((input[0] ?? 0) % 97);
      for (let at = 0; at < input.length; at += size) reader.push(input.subarray(at, at + size));
    },
    refuses: [FrameError], share: 1.5,
  },
  toHost: { seeds: () => frames(numbered), read: intoHost, refuses: [] },
  toClient: { seeds: () => frames([...events.map(message), ...answers.map(message)]), read: intoClient, refuses: [ConnectionClosedError] },
  toPanel: {
    seeds: () => texts([...events.map(message), message({ method: 'view', params: { view: 'latent' } }), message({ method: 'notice', params: {} })]), refuses: [],
    read: (input) => overPort(input, (connection) => { const api = clientOf(connection, panelRequests, panelEvents); for (const event of Object.keys(panelEvents) as (keyof typeof panelEvents)[]) api.on(event, () => undefined); }),
  },
  fromPanel: {
    seeds: () => texts([...numbered, message({ id: 1, method: 'command', params: { name: 'train' } }), message({ id: 2, method: 'savePictures', params: { name: 'x', columns: 1, pictures: [strip] } })]), refuses: [],
    read: (input) => overPort(input, (connection) => { serve(connection, panelRequests, Object.fromEntries(Object.keys(panelRequests).map((method) => [method, () => Promise.resolve({})])) as unknown as Handlers<typeof panelRequests>); }),
  },
} satisfies Record<string, Target>;
