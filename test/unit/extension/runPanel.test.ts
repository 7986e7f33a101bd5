import { describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { createPortConnection } from '../../../src/protocol/postMessage';
import { panelEvents, panelRequests, type Notice } from '../../../src/protocol/panelApi';
import { COARSE_POINTS, type PanelRun } from '../../../src/protocol/panelRun';
import { clientOf } from '../../../src/protocol/rpc';
import type { MetricPoint } from '../../../src/protocol/run';
import { shownRun } from '../../../src/protocol/shownRun';
import type { OpenRun } from '../../../src/extension/training/openRun';
import type { RunStore } from '../../../src/extension/training/runStore';
import { unpackTracks } from '../../../src/protocol/tracks';
import { manifestOf } from '../runs/manifestOf';

vi.mock('vscode', async () => ({
  EventEmitter: (await import('./eventEmitter')).EventEmitter,
  Uri: { joinPath: (...parts: unknown[]) => ({ toString: () => parts.join('/') }) },
  l10n: { t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])) }, env: { language: 'en' },
}));
const { EventEmitter, Uri } = await import('vscode');
const { RunPanel } = await import('../../../src/extension/panels/runPanel');
const { Panels } = await import('../../../src/extension/panels/panels');
const { KeptState } = await import('../../../src/extension/panels/keptState');
const { pageShower } = await import('../../../src/extension/panels/showPage');
const gaveWay: number[] = [];
const showPage = pageShower(Uri.joinPath('/' as unknown as vscode.Uri), (ms) => { gaveWay.push(ms); });

/** A panel whose page is alive, and which VS Code can call hidden. */
function fakePanel() {
  const toExtension = new EventEmitter<unknown>();
  let toPage: (message: unknown) => void = () => undefined;
  const viewState = new EventEmitter<unknown>();
  const webview = { visible: true };
  const panel = {
    get visible() { return webview.visible; },
    reveal: () => undefined, onDidChangeViewState: viewState.event, onDidDispose: () => ({ dispose: () => undefined }), dispose: () => undefined,
    webview: { cspSource: '', asWebviewUri: (uri: unknown) => uri, onDidReceiveMessage: toExtension.event, postMessage: (message: unknown) => { toPage(message); return Promise.resolve(true); } },
  } as unknown as vscode.WebviewPanel;
  const state = { get: () => undefined, update: () => Promise.resolve(), keys: () => [] } as unknown as vscode.Memento;
  const connection = createPortConnection({ post: (message) => { toExtension.fire(message); }, listen: (listener) => { toPage = listener; return () => undefined; } });
  const page = clientOf(connection, panelRequests, panelEvents);
  connection.listen();
  return { panel, page, kept: new KeptState(state), show: (visible: boolean) => { webview.visible = visible; viewState.fire({}); } };
}
/** Of a file nothing is told. */
const unfollowed = () => ({ dispose: () => undefined });
/** The same, and the panel of a run that lives in it. */
function open() {
  const { panel, kept, ...rest } = fakePanel();
  return { ...rest, shown: new RunPanel(panel, { file: '/m.vae.ts', name: 'm' }, { view: 'training' }, showPage, () => Promise.resolve(), kept, unfollowed) };
}

/** A finished run of so many training steps. */
function runOf(steps: number): OpenRun {
  const metrics = Array.from({ length: steps }, (_, i): MetricPoint => ({ step: i + 1, epoch: 1, split: 'train', seconds: i, loss: i, parts: {} }));
  const snapshot = shownRun({ manifest: manifestOf({ id: 'long', lastStep: steps }), metrics, marks: [] });
  const event = () => ({ dispose: () => undefined });
  return { id: 'long', dir: '/nowhere', manifest: snapshot.manifest, snapshot, onEvent: event, onRenewed: event, onHostGone: event } as unknown as OpenRun;
}
const lengthOf = (run: PanelRun | undefined): number => run?.tracks.find(({ kind }) => kind === 'train')?.steps.length ?? 0;

describe('a panel', () => {
  it('that was called hidden for a moment, and kept its page, has it ask for what came in between', async () => {
    const { shown, page, show } = open();
    await page.request('panelSnapshot', {});
    const notices: (Notice | undefined)[] = [];
    page.on('notice', ({ notice }) => { notices.push(notice); });
    let stale = 0;
    const heard = new Promise<void>((resolve) => { page.on('stale', () => { stale++; resolve(); }); });
    show(false);
    shown.notify({ kind: 'error', text: 'No Node runs', actions: ['train'] });
    show(true);
    await heard;
    show(true);
    const { notice } = await page.request('panelSnapshot', {});
    expect([notice, notices, stale]).toEqual([{ kind: 'error', text: 'No Node runs', actions: ['train'] }, [], 1]);
  });
  it('has what trains stand back until its page asks, while that draws, and when it is made anew', async () => {
    gaveWay.length = 0;
    const { page, show } = open();
    expect(gaveWay).toEqual([1500]);
    await page.request('panelSnapshot', {});
    await page.request('keepState', { part: 'a', state: 1 });
    expect(gaveWay).toEqual([1500, 300]);
    show(true);
    show(false);
    expect(gaveWay).toEqual([1500, 300]);
    show(true);
    await page.request('panelSnapshot', {});
    expect(gaveWay).toEqual([1500, 300, 1500, 300]);
  });
  it('tells a page nothing before it asks, and all when it does', async () => {
    const { shown, page } = open();
    const told: string[] = [];
    for (const event of ['shown', 'notice'] as const) page.on(event, () => { told.push(event); });
    shown.show(undefined, { kind: 'error', text: 'No Node runs', actions: ['train'] });
    expect((await page.request('panelSnapshot', {})).notice?.text).toBe('No Node runs');
    shown.notify(undefined);
    await page.request('panelSnapshot', {}); // what was told before it is there
    expect(told).toEqual(['notice']);
  });
  it('answers a page that asks while its run is read when it is, also where it cannot be', async () => {
    const { shown, page } = open();
    const order: string[] = [];
    for (const end of ['read', 'failed'] as const) {
      let settle = (): void => undefined;
      const reading = shown.showRead(new Promise((resolve, reject) => { settle = () => { if (end === 'read') resolve(undefined); else reject(new Error('no such folder')); }; }));
      const asked = page.request('panelSnapshot', {}).then(() => { order.push('answered'); });
      await new Promise((resolve) => { setImmediate(resolve); });
      order.push(end);
      settle();
      await Promise.all([reading.catch(() => { order.push('said'); }), asked]);
    }
    expect(order).toEqual(['read', 'answered', 'failed', 'said', 'answered']);
  });
  it('shows some points of a long run while it is read, and all of them to a page that asks; what needs the run waits for it', async () => {
    const { shown, page } = open();
    const [run, glimpse] = [runOf(50_000), runOf(100)];
    let settle = (): void => undefined;
    const reading = shown.showRead(new Promise((resolve) => { settle = () => { resolve(run); }; }), Promise.resolve({ ...glimpse.snapshot, isCoarse: true }));
    const first = await page.request('panelSnapshot', {});
    expect([first.run?.isCoarse, lengthOf(first.run)]).toEqual([true, 100]);
    const order: string[] = [];
    const whole = page.request('points', { smoothing: 0 }).then((answer) => { order.push('whole'); return answer; });
    const moment = page.request('moment', { step: 1 }).catch(() => { order.push('moment'); });
    await page.request('keepState', { part: 'a', state: 1 });
    order.push('read');
    settle();
    await Promise.all([reading, moment]);
    const { points } = await whole;
    expect([points?.runId, points?.tracks.find(({ kind }) => kind === 'train')?.steps.length]).toEqual([run.id, 50_000]);
    const { points: fine } = await page.request('points', { smoothing: 0, most: 1000 });
    expect(unpackTracks(fine?.tracks ?? []).train).toMatchObject({ total: 50_000, part: { leftOut: expect.any(Number) as number } });
    expect(order[0]).toBe('read');
    const again = await page.request('panelSnapshot', {});
    expect(again.run?.isCoarse).toBe(true);
    expect(lengthOf(again.run)).toBeLessThanOrEqual(COARSE_POINTS);
  });
  it('that VS Code brings back says that there is no run when that is known, not before', async () => {
    for (const [latest, wanted] of [[{ id: 'long' }, 'long'], [undefined, undefined]] as const) {
      const { panel, page, kept } = fakePanel();
      let listed = (): void => undefined;
      const restored = new Promise<void>((resolve) => { listed = resolve; });
      const runs = { known: [], latest: () => latest, glimpse: () => Promise.resolve(undefined), view: () => Promise.resolve(runOf(10)) } as unknown as RunStore;
      const panels = new Panels(showPage, runs, restored, () => Promise.resolve(), kept, unfollowed);
      const back = panels.restore(panel, { file: '/m.vae.ts', name: 'm' });
      const order: string[] = [];
      const answer = page.request('panelSnapshot', {}).then(({ run }) => { order.push('answered'); return run?.manifest.id; });
      await page.request('keepState', { part: 'a', state: 1 });
      order.push('listed');
      listed();
      expect(await answer).toBe(wanted);
      expect(order).toEqual(['listed', 'answered']);
      await back;
    }
  });
  it.each([['older', 'older'], ['gone', 'newest'], [undefined, 'newest']])('that VS Code brings back with the run %s shows %s', async (runId, wanted) => {
    const { panel, kept } = fakePanel();
    const asked: string[] = [];
    const runs = {
      known: ['newest', 'older'].map((id) => ({ manifest: { id } })), latest: () => ({ id: 'newest' }), glimpse: () => Promise.resolve(undefined),
      view: (id: string) => { asked.push(id); return Promise.resolve(runOf(10)); },
    } as unknown as RunStore;
    await new Panels(showPage, runs, Promise.resolve(), () => Promise.resolve(), kept, unfollowed).restore(panel, { file: '/m.vae.ts', name: 'm', ...(runId === undefined ? {} : { runId }) });
    expect(asked).toEqual([wanted]);
  });
  it('has the file in its title where another shows a model of that name, and not after that was closed', async () => {
    const runs = { known: [], latest: () => undefined, glimpse: () => Promise.resolve(undefined), view: () => Promise.resolve(undefined) } as unknown as RunStore;
    const { kept, panel: first } = fakePanel();
    const panels = new Panels(showPage, runs, Promise.resolve(), () => Promise.resolve(), kept, unfollowed);
    await panels.restore(first, { file: '/a/m.vae.ts', name: 'm' });
    expect(first.title).toBe('m \u00b7 VAE Lab');
    const { panel: second } = fakePanel();
    await panels.restore(second, { file: '/b/m.vae.ts', name: 'm' });
    expect([first.title, second.title]).toEqual(['m, a/m.vae.ts \u00b7 VAE Lab', 'm, b/m.vae.ts \u00b7 VAE Lab']);
    panels.find({ file: '/a/m.vae.ts', name: 'm' })?.dispose();
    expect(second.title).toBe('m \u00b7 VAE Lab');
  });
  it('follows its model to another file, and keeps what it keeps there', async () => {
    const { shown, page } = open();
    const moved = new EventEmitter<{ event: string; payload: unknown }>();
    const run = runOf(10);
    const manifest = { ...run.manifest, modelFile: '/m.vae.ts' };
    const live = { ...run, manifest, onEvent: moved.event } as unknown as { manifest: typeof manifest } & OpenRun;
    shown.show(live);
    const { subject } = await page.request('panelSnapshot', {});
    expect(subject.file).toBe('/m.vae.ts');
    live.manifest = { ...manifest, modelFile: '/deep/n.vae.ts' };
    moved.fire({ event: 'manifest', payload: live.manifest });
    expect([shown.file, (await page.request('panelSnapshot', {})).subject.file]).toEqual(['/deep/n.vae.ts', '/deep/n.vae.ts']);
  });
  it('shows a short run as it is, and one that cannot be read not at all', async () => {
    const { shown, page } = open();
    await shown.showRead(Promise.resolve(runOf(100)));
    const { run } = await page.request('panelSnapshot', {});
    expect([run?.isCoarse, lengthOf(run)]).toEqual([undefined, 100]);
    const failing = shown.showRead(Promise.reject(new Error('no such folder')), Promise.resolve(undefined));
    await expect(failing).rejects.toThrow('no such folder');
  });
  it('asks its page once for what is to be tried: one that is there at once, one that comes when it does', async () => {
    const { shown, page, show } = open();
    const looks: unknown[] = [];
    page.on('view', (look) => { looks.push(look); });
    shown.reveal({ view: 'evaluation', use: 'denoise' });
    const asked = async () => { const { view, use } = await page.request('panelSnapshot', {}); return { view, use }; };
    expect([await asked(), await asked()]).toEqual([{ view: 'evaluation', use: 'denoise' }, { view: 'evaluation', use: undefined }]);
    shown.reveal({ view: 'evaluation', use: 'compress' });
    expect(await asked()).toEqual({ view: 'evaluation', use: undefined });
    show(false);
    shown.reveal({ view: 'evaluation', use: 'complete' });
    show(true);
    expect(await asked()).toEqual({ view: 'evaluation', use: 'complete' });
    expect(looks).toEqual([{ view: 'evaluation', use: 'compress' }, { view: 'evaluation' }]);
  });
});
