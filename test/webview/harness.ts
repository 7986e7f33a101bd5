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
import { hostEvents, hostRequests, snapshotSchema, type HostEvent, type HostEvents } from '../../src/protocol/hostApi';
import { panelRequests, type panelEvents } from '../../src/protocol/panelApi';
import { createPortConnection } from '../../src/protocol/postMessage';
import { serve, type Handlers, type Payload, type Requests } from '../../src/protocol/rpc';
import { latentAnswers } from './latentAnswers';
import { themes, type Theme } from './themes';
import { pack, unpack } from './wireText';

const recordingSchema = z.object({
  first: snapshotSchema, last: snapshotSchema, events: z.array(z.object({ event: z.string(), payload: z.unknown() })),
  answers: z.object({ sample: hostRequests.sample.result, encode: hostRequests.encode.result, interpolate: hostRequests.interpolate.result, decode: hostRequests.decode.result }),
});
/** What a real host told a panel; made anew by `npm run record:panel`. */
export const recorded = recordingSchema.parse(unpack(gunzipSync(readFileSync(path.join(import.meta.dirname, 'fixtures', 'recorded.json.gz'))).toString('utf8')));
export const recordedEvents = recorded.events.map(({ event, payload }) => {
  const name = (Object.keys(hostEvents) as HostEvent[]).find((known) => known === event);
  if (!name) throw new Error(`A recorded event is unknown: ${event}`);
  return { event: name, payload: hostEvents[name].parse(payload) };
});

type Snapshot = Awaited<ReturnType<Handlers<typeof panelRequests>['panelSnapshot']>>;
export interface PanelOptions { readonly snapshot?: Partial<Snapshot>; readonly handlers?: Partial<Handlers<typeof panelRequests>>; readonly theme?: Theme; readonly width?: number; readonly state?: unknown }
/** The built panel in a browser, and this test in the extension's place. */
export interface Panel {
  readonly page: Page;
  /** Calls that came in, oldest first. */
  readonly calls: { method: string; params: unknown }[];
  /** What the page broke: its content security policy, or an error nobody caught. */
  readonly faults: string[];
  readonly connection: MessageConnection;
  send<N extends keyof typeof panelEvents>(event: N, payload: Payload<typeof panelEvents, N>): Promise<void>;
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
function editorInPage({ className, variables }: { className: string; variables: Readonly<Record<string, string>> }): void {
  const scope = window as unknown as { toTest(text: string): Promise<void>; fromTest(text: string): void; fault(text: string): Promise<void>; keep(text: string): Promise<void>; acquireVsCodeApi(): unknown };
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => { void scope.fault(`${violatedDirective}: ${blockedURI} ${sample}`); });
  const bytesOf = (view: ArrayBufferView): string => btoa([...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)].map((byte) => String.fromCharCode(byte)).join(''));
  const arrayOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const isText = (value: unknown): value is string => typeof value === 'string';
  scope.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => { void scope.toTest(JSON.stringify(message, (_, part: unknown) => (part instanceof Uint8Array ? { $uint8: bytesOf(part) } : part instanceof Float32Array ? { $float32: bytesOf(part) } : part))); },
    setState: (state: unknown) => { void scope.keep(JSON.stringify(state)); }, getState: () => undefined,
  });
  scope.fromTest = (text) => {
    const message: unknown = JSON.parse(text, (_, part: unknown) => {
      if (typeof part !== 'object' || part === null) return part;
      if ('$uint8' in part && isText(part.$uint8)) return arrayOf(part.$uint8);
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

let browser: Promise<Browser> | undefined;
let server: Promise<http.Server> | undefined;
const page = { script: '/webview.js', style: '/webview.css', nonce: 'bm9uY2U', language: 'en', title: 'shapes' };
const pages = { '/': page, '/doctor': { ...page, script: '/doctor.js', style: '/doctor.css', title: 'doctor' } } as const;
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };
const serveDist = (): Promise<http.Server> => new Promise((resolve) => {
  const made = http.createServer((request, response) => {
    const origin = `http://${request.headers.host ?? ''}`;
    const asked = Object.entries(pages).find(([url]) => url === request.url)?.[1];
    if (asked) {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(panelHtml({ ...asked, styleSource: origin }));
      return;
    }
    const file = Object.values(pages).flatMap(({ script, style }) => [script, style]).find((name) => name === request.url);
    if (file === undefined) { response.writeHead(404).end(); return; }
    readFile(path.join(dist, file)).then((content) => response.setHeader('content-type', types[path.extname(file)] ?? '').end(content), () => response.writeHead(404).end());
  });
  made.listen(0, '127.0.0.1', () => { resolve(made); });
});

/** Closes what the tests of a file shared. */
export async function closeAll(): Promise<void> {
  await (await browser)?.close();
  (await server)?.close();
}

interface PageOptions<R extends Requests> { readonly url: keyof typeof pages; readonly requests: R; readonly handlers: Handlers<R>; readonly theme?: Theme | undefined; readonly width?: number | undefined; readonly state?: unknown }
/** A built page in a browser, and this test in the extension's place. */
export async function openPage<R extends Requests>({ url, requests, handlers, theme = 'dark', width = 900, state }: PageOptions<R>): Promise<Omit<Panel, 'send' | 'sendHost'>> {
  browser ??= launchBrowser();
  server ??= serveDist();
  const address = (await server).address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  const shown = await (await browser).newPage({ viewport: { width, height: 900 }, locale: 'en-US', reducedMotion: 'reduce' });
  shown.setDefaultTimeout(10_000);
  const calls: Panel['calls'] = [];
  const faults: string[] = [];
  const waiting = new Set<() => void>();
  let kept: unknown = state;
  let hear: (message: unknown) => void = () => undefined;
  const connection = createPortConnection({
    post: (message) => { void shown.evaluate((text) => { (window as unknown as { fromTest(text: string): void }).fromTest(text); }, pack(message)).catch(() => undefined); },
    listen: (listener) => { hear = listener; return () => { hear = () => undefined; }; },
  });
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
  connection.listen();
  await shown.exposeFunction('toTest', (text: string) => { hear(unpack(text)); });
  await shown.exposeFunction('fault', (text: string) => { faults.push(text); });
  await shown.exposeFunction('keep', (text: string) => { kept = JSON.parse(text); });
  shown.on('pageerror', (error) => { faults.push(String(error)); });
  shown.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  await shown.addInitScript(editorInPage, themes[theme]);
  await shown.goto(`http://127.0.0.1:${address.port}${url}`);
  return {
    page: shown, calls, faults, connection, kept: () => kept,
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

export async function openPanel({ snapshot, handlers = {}, theme, width, state }: PanelOptions = {}): Promise<Panel> {
  const none = (): Promise<Record<string, never>> => Promise.resolve({});
  const all: Handlers<typeof panelRequests> = {
    panelSnapshot: () => Promise.resolve({ subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: recorded.last.manifest.id }, view: 'training', texts: {}, locale: 'en', run: recorded.last, ...snapshot }),
    ...latentAnswers(recorded.answers.encode),
    command: none, savePictures: none, insertItem: none, keepState: none, pause: none, resume: none, stop: none, setHyperparameter: () => Promise.resolve({ step: 1 }),
    sample: () => Promise.resolve(recorded.answers.sample), encode: () => Promise.resolve(recorded.answers.encode),
    reconstruct: () => Promise.resolve({ originals: recorded.answers.sample, reconstructions: recorded.answers.sample }), interpolate: () => Promise.resolve(recorded.answers.interpolate),
    ...handlers,
  };
  const opened = await openPage({ url: '/', requests: panelRequests, handlers: all, theme, width, state });
  return {
    ...opened,
    send: (event, payload) => opened.connection.sendNotification(event, payload),
    sendHost: (event, payload) => opened.connection.sendNotification(event, payload),
  };
}
