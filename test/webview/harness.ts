import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import type { MessageConnection } from 'vscode-jsonrpc';
import * as z from 'zod';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { panelHtml } from '../../src/extension/panels/panelHtml';
import { fineTracks } from '../../src/protocol/fineTracks';
import { hostEvents, hostRequests, snapshotSchema, type HostEvent, type HostEvents, type Snapshot as RunSnapshot } from '../../src/protocol/hostApi';
import { momentPicturesSchema } from '../../src/protocol/moments';
import { panelRequests, type panelEvents } from '../../src/protocol/panelApi';
import { packRun } from '../../src/protocol/panelRun';
import { afterEvent, shownRun } from '../../src/protocol/shownRun';
import { packTracks } from '../../src/protocol/tracks';
import { createPortConnection } from '../../src/protocol/postMessage';
import { serve, type Handlers, type Payload, type Requests } from '../../src/protocol/rpc';
import { latentAnswers } from './latentAnswers';
import { themes, type Theme } from './themes';
import { pack, unpack } from './wireText';

const recordingSchema = z.object({
  first: snapshotSchema, last: snapshotSchema, events: z.array(z.object({ event: z.string(), payload: z.unknown() })),
  answers: z.object({ sample: hostRequests.sample.result, encode: hostRequests.encode.result, interpolate: hostRequests.interpolate.result, decode: hostRequests.decode.result, moments: z.array(momentPicturesSchema) }),
});
/** What a real host told a panel; made anew by `npm run record:panel`. */
export const recorded = recordingSchema.parse(unpack(gunzipSync(readFileSync(path.join(import.meta.dirname, 'fixtures', 'recorded.json.gz'))).toString('utf8')));
export const recordedEvents = recorded.events.map(({ event, payload }) => {
  const name = (Object.keys(hostEvents) as HostEvent[]).find((known) => known === event);
  if (!name) throw new Error(`A recorded event is unknown: ${event}`);
  return { event: name, payload: hostEvents[name].parse(payload) };
});

type Snapshot = Omit<Awaited<ReturnType<Handlers<typeof panelRequests>['panelSnapshot']>>, 'run'> & { readonly run?: RunSnapshot | undefined };
/** As the panel's events are; a run is given as hosts tell it. */
type Sent<N extends keyof typeof panelEvents> = N extends 'shown' ? Omit<Payload<typeof panelEvents, 'shown'>, 'run'> & { readonly run?: RunSnapshot } : Payload<typeof panelEvents, N>;
export interface PanelOptions { readonly snapshot?: Partial<Snapshot>; readonly handlers?: Partial<Handlers<typeof panelRequests>>; readonly theme?: Theme; readonly width?: number; readonly state?: unknown }
/** The built panel in a browser, and this test in the extension's place. */
export interface Panel {
  readonly page: Page;
  /** Calls that came in, oldest first. */
  readonly calls: { method: string; params: unknown }[];
  /** What the page broke: its content security policy, or an error nobody caught. */
  readonly faults: string[];
  readonly connection: MessageConnection;
  send<N extends keyof typeof panelEvents>(event: N, payload: Sent<N>): Promise<void>;
  sendHost<N extends HostEvent>(event: N, payload: HostEvents[N]): Promise<void>;
  /** Resolves when a call of this name has come in. */
  called(method: string, times?: number): Promise<unknown>;
  /** What `setState` kept. */
  kept(): unknown;
  aria(): Promise<string>;
  close(): Promise<void>;
}

const dist = path.resolve(import.meta.dirname, '..', '..', 'dist');
/** VS Code's part in the page: the API object, theme variables, and typed arrays through JSON. */
function editorInPage({ className, variables, state }: { className: string; variables: Readonly<Record<string, string>>; state: unknown }): void {
  const scope = window as unknown as { toTest(text: string): Promise<void>; fromTest(text: string): void; fault(text: string): Promise<void>; keep(text: string): Promise<void>; acquireVsCodeApi(): unknown };
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => { void scope.fault(`${violatedDirective}: ${blockedURI} ${sample}`); });
  const bytesOf = (view: ArrayBufferView): string => btoa([...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)].map((byte) => String.fromCharCode(byte)).join(''));
  const arrayOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const isText = (value: unknown): value is string => typeof value === 'string';
  scope.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => { void scope.toTest(JSON.stringify(message, (_, part: unknown) => (part instanceof Uint8Array ? { $uint8: bytesOf(part) } : part instanceof Float32Array ? { $float32: bytesOf(part) } : part))); },
    setState: (state: unknown) => { void scope.keep(JSON.stringify(state)); }, getState: () => state,
  });
  scope.fromTest = (text) => {
    const message: unknown = JSON.parse(text, (_, part: unknown) => {
      if (typeof part !== 'object' || part === null) return part;
      if ('$uint8' in part && isText(part.$uint8)) return arrayOf(part.$uint8);
      if ('$float64' in part && isText(part.$float64)) return new Float64Array(arrayOf(part.$float64).buffer);
      if ('$int32' in part && isText(part.$int32)) return new Int32Array(arrayOf(part.$int32).buffer);
      return '$float32' in part && isText(part.$float32) ? new Float32Array(arrayOf(part.$float32).buffer) : part;
    });
    window.postMessage(message, '*');
  };
  const dress = (): void => {
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
    document.body.className = className;
    document.body.style.backgroundColor = variables['editor-background'] ?? '';
  };
  document.addEventListener('DOMContentLoaded', dress);
}

const runOf = (run: RunSnapshot | undefined) => (run ? { run: packRun(shownRun(run)) } : { run: undefined });
let browser: Promise<Browser> | undefined;
let server: Promise<http.Server> | undefined;
const page = { nonce: 'bm9uY2U', language: 'en', title: 'shapes' };
const serveDist = (): Promise<http.Server> => new Promise((resolve) => {
  const made = http.createServer((request, response) => {
    const origin = `http://${request.headers.host ?? ''}`;
    const [, name, ending] = /^\/(webview|runs|preview|doctor)(\.js|\.css)?$/.exec(request.url ?? '') ?? [];
    if (name !== undefined && ending === undefined) {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(panelHtml({ ...page, script: `/${name}.js`, style: `/${name}.css`, styleSource: origin }));
      return;
    }
    const file = name !== undefined && ending !== undefined ? `${name}${ending}` : undefined;
    if (!file) { response.writeHead(404).end(); return; }
    readFile(path.join(dist, file)).then((content) => response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'text/css').end(content), () => response.writeHead(404).end());
  });
  made.listen(0, '127.0.0.1', () => { resolve(made); });
});

/** Closes what the tests of a file shared. */
export async function closeAll(): Promise<void> {
  await (await browser)?.close();
  (await server)?.close();
}

/** A built page in a browser, and its connection, on which whoever opened it has served its calls before `start`. */
export async function openPage(name: 'webview' | 'runs' | 'preview' | 'doctor', { theme = 'dark', width = 900, state }: Pick<PanelOptions, 'theme' | 'width' | 'state'>) {
  browser ??= launchBrowser();
  server ??= serveDist();
  const address = (await server).address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  const shown = await (await browser).newPage({ viewport: { width, height: 900 }, locale: 'en-US', reducedMotion: 'reduce' });
  shown.setDefaultTimeout(60_000);
  const faults: string[] = [];
  let kept: unknown = state;
  let hear: (message: unknown) => void = () => undefined;
  const connection = createPortConnection({
    post: (message) => { void shown.evaluate((text) => { (window as unknown as { fromTest(text: string): void }).fromTest(text); }, pack(message)).catch(() => undefined); },
    listen: (listener) => { hear = listener; return () => { hear = () => undefined; }; },
  });
  const start = async (): Promise<void> => {
    connection.listen();
    await shown.exposeFunction('toTest', (text: string) => { hear(unpack(text)); });
    await shown.exposeFunction('fault', (text: string) => { faults.push(text); });
    await shown.exposeFunction('keep', (text: string) => { kept = JSON.parse(text); });
    shown.on('pageerror', (error) => { faults.push(String(error)); });
    shown.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
    await shown.addInitScript(editorInPage, { ...themes[theme], state });
    await shown.goto(`http://127.0.0.1:${address.port}/${name}`);
  };
  return { shown, faults, connection, start, kept: () => kept };
}

type PageName = Parameters<typeof openPage>[0];
/** A built page in a browser, and this test in the extension's place: what it is asked is noted. */
export async function openServed<R extends Requests>(name: PageName, requests: R, handlers: Handlers<R>, options: Pick<PanelOptions, 'theme' | 'width' | 'state'> = {}): Promise<Omit<Panel, 'send' | 'sendHost'>> {
  const { shown, faults, connection, start, kept } = await openPage(name, options);
  const calls: Panel['calls'] = [];
  const waiting = new Set<() => void>();
  const all = { ...handlers };
  for (const method of Object.keys(all) as (keyof typeof all)[]) {
    const answer = all[method] as (params: unknown) => Promise<never>;
    (all as Record<string, unknown>)[method as string] = (params: unknown) => {
      calls.push({ method: method as string, params });
      for (const look of waiting) look();
      return answer(params);
    };
  }
  serve(connection, requests, all);
  await start();
  return {
    page: shown, calls, faults, connection, kept,
    called: (method, times = 1) => new Promise((resolve) => {
      const look = (): void => {
        const found = calls.filter((call) => call.method === method)[times - 1];
        if (!found) return;
        waiting.delete(look);
        resolve(found.params);
      };
      waiting.add(look);
      look();
    }),
    aria: () => shown.locator('body').ariaSnapshot(),
    close: async () => { connection.dispose(); await shown.close(); },
  };
}

const recordedMoment: Handlers<typeof panelRequests>['moment'] = ({ step }) => {
  const found = recorded.answers.moments.find((moment) => moment.step === step);
  return found ? Promise.resolve(found) : Promise.reject(new Error(`What was recorded at step ${step} is missing or damaged.`));
};

export async function openPanel({ snapshot, handlers = {}, ...options }: PanelOptions = {}): Promise<Panel> {
  const none = (): Promise<Record<string, never>> => Promise.resolve({});
  const unused = (): Promise<never> => Promise.reject(new Error('This is not asked for here.'));
  let held = shownRun((snapshot && 'run' in snapshot ? snapshot.run : undefined) ?? recorded.last); // as the extension does
  const all: Handlers<typeof panelRequests> = {
    panelSnapshot: () => Promise.resolve({ subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: recorded.last.manifest.id }, view: 'training', texts: {}, locale: 'en', ...snapshot, ...runOf(snapshot && 'run' in snapshot ? snapshot.run : recorded.last) }),
    ...latentAnswers(recorded.answers.encode),
    points: ({ most, ...look }) => Promise.resolve({ points: { runId: held.manifest.id, tracks: packTracks(most === undefined ? held.history.tracks : fineTracks(held.history.tracks, look, most)) } }),
    evaluate: unused, cancelEvaluation: none, evaluations: () => Promise.resolve({ evaluations: [] }),
    anomalies: unused, mend: unused, attribute: unused, compress: unused, decompress: unused, learnPrior: unused, cancelPrior: none,
    command: none, savePictures: none, saveFile: none, showNumber: none, applyValue: none, takeOffer: none, divergenceOffers: () => Promise.resolve({ offers: [] }), writeValue: () => Promise.resolve({ written: true }), moment: recordedMoment, insertItem: none, keepState: none, fixSamples: none, pause: none, resume: none, stop: none, setHyperparameter: () => Promise.resolve({ step: 1 }),
    sample: () => Promise.resolve(recorded.answers.sample), encode: () => Promise.resolve(recorded.answers.encode),
    reconstruct: () => Promise.resolve({ originals: recorded.answers.sample, reconstructions: recorded.answers.sample }), interpolate: () => Promise.resolve(recorded.answers.interpolate),
    ...handlers,
  };
  const opened = await openServed('webview', panelRequests, all, options);
  return {
    ...opened,
    send: (event, payload) => opened.connection.sendNotification(event, 'run' in payload ? { ...payload, ...runOf(payload.run) } : payload),
    sendHost: (event, payload) => {
      held = afterEvent(held, event, payload);
      return opened.connection.sendNotification(event, payload);
    },
  };
}
