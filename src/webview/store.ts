import { useEffect, useState } from 'preact/hooks';
import { hostEvents, type HostEvent } from '../protocol/hostApi';
import type { ModelFile, Notice, panelEvents, panelRequests, PanelSubject, PanelView } from '../protocol/panelApi';
import type { Api, Params } from '../protocol/rpc';
import { unpackRun } from '../protocol/panelRun';
import { afterEvent, type ShownRun } from '../protocol/shownRun';
import type { SavedFile } from '../protocol/savedFile';
import type { Use } from '../protocol/usesApi';
import type { FigureOwner } from './charts/FigureMenu';
import { setTexts } from './text';
import { errorText } from '../protocol/errorText';

export type PanelClient = Api<typeof panelRequests, typeof panelEvents>;

/** What the panel shows. */
export interface PanelState {
  readonly subject: PanelSubject;
  readonly view: PanelView;
  readonly run?: ShownRun | undefined;
  readonly notice?: Notice | undefined;
  /** What could not be done that was asked for here, until it is put away. */
  readonly trouble?: string | undefined;
  /** What stands in the model's file; absent until that is known. */
  readonly modelFile?: ModelFile | undefined;
  /** What is to be tried, until it is taken. */
  readonly use?: Use | undefined;
}

/** The panel's state: a snapshot when it opens, then the host's events. */
export class Store implements FigureOwner {
  #state: PanelState | undefined;
  /** What parts of the panel kept of themselves; each checks its own. */
  kept: Readonly<Record<string, unknown>> = {};
  readonly #listeners = new Set<() => void>();
  #scheduled = false;
  #completing: Promise<void> | undefined;

  constructor(readonly client: PanelClient, private readonly remember: (subject: PanelSubject) => void) {
    for (const event of Object.keys(hostEvents) as HostEvent[]) {
      client.on(event, (payload) => { if (this.#state?.run) this.#set({ ...this.#state, run: afterEvent(this.#state.run, event, payload) }); });
    }
    client.on('shown', ({ subject, run }) => { if (this.#state) this.#take({ ...this.#state, subject, run: run && unpackRun(run) }); });
    client.on('stale', () => { if (this.#state) this.#renew().catch((error: unknown) => { this.fail(error); }); }); // one that is asking already is answered anyway
    client.on('view', ({ view, use }) => { if (this.#state) this.#set({ ...this.#state, view, use }); });
    client.on('modelFile', (told) => { if (this.#state) this.#set({ ...this.#state, ...told }); });
    client.on('notice', ({ notice }) => { if (this.#state) this.#set({ ...this.#state, notice }); });
  }

  async start(): Promise<void> {
    const { texts, locale, subject, view, use, run, notice, modelFile, kept } = await this.client.request('panelSnapshot', {});
    setTexts(texts, locale);
    this.kept = kept ?? {};
    this.#take({ subject, view, use, run: run && unpackRun(run), notice, modelFile });
  }

  async #renew(): Promise<void> {
    const { subject, use, run, notice, modelFile } = await this.client.request('panelSnapshot', {});
    if (this.#state) this.#take({ ...this.#state, subject, run: run && unpackRun(run), notice, modelFile, ...(use ? { use } : {}) });
  }

  /** Resolves when all points of the run are there, of which a long one shows some at first. */
  whole(): Promise<void> { return this.#state?.run?.isCoarse ? this.#completing ??= this.#complete().finally(() => { this.#completing = undefined; }) : Promise.resolve(); }

  async #complete(): Promise<void> {
    const { run } = await this.client.request('wholeRun', {});
    const shown = this.#state;
    if (!run || !shown?.run?.isCoarse || run.manifest.id !== shown.run.manifest.id) return;
    this.#set({ ...shown, run: unpackRun(run) });
    await new Promise((resolve) => { requestAnimationFrame(resolve); }); // it is drawn
  }

  get state(): PanelState | undefined { return this.#state; }
  get figuresName(): string { return this.#state?.subject.name ?? ''; }
  /** What is to be tried, once. */
  takeUse(): Use | undefined {
    const use = this.#state?.use;
    if (this.#state && use) this.#set({ ...this.#state, use: undefined });
    return use;
  }
  setView(view: PanelView): void { if (this.#state) this.#set({ ...this.#state, view }); }
  /** Asks for something whose answer nobody waits for; that it failed is shown. */
  ask<M extends keyof typeof panelRequests & string>(method: M, params: Params<typeof panelRequests, M>): void {
    this.client.request(method, params).catch((error: unknown) => { this.fail(error); });
  }
  saveFile(file: SavedFile): void { this.ask('saveFile', file); }
  /** Something asked for here could not be done. */
  fail(error: unknown): void {
    if (this.#state) this.#set({ ...this.#state, trouble: errorText(error) });
  }

  forgetTrouble(): void { if (this.#state) this.#set({ ...this.#state, trouble: undefined }); }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  /** As the extension told it; the rest of a long run follows. */
  #take(state: PanelState): void {
    this.#set(state);
    this.whole().catch((error: unknown) => { this.fail(error); });
  }

  #set(state: PanelState): void {
    if (state.subject !== this.#state?.subject) this.remember(state.subject);
    this.#state = state;
    if (this.#scheduled) return;
    this.#scheduled = true; // several events of one frame are drawn once
    requestAnimationFrame(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

export function usePanel(store: Store): PanelState | undefined {
  const [state, setState] = useState(store.state);
  useEffect(() => store.subscribe(() => { setState(store.state); }), [store]);
  return state;
}
