import { useEffect, useState } from 'preact/hooks';
import { FINE_POINTS, type Look } from '../protocol/fineTracks';
import { hostEvents, type HostEvent } from '../protocol/hostApi';
import type { ModelFile, Notice, panelEvents, panelRequests, PanelSubject, PanelView } from '../protocol/panelApi';
import type { Api, Params } from '../protocol/rpc';
import { unpackRun } from '../protocol/panelRun';
import { afterEvent } from '../protocol/shownRun';
import type { SavedFile } from '../protocol/savedFile';
import { emptyTracks, unpackTracks, type Tracks } from '../protocol/tracks';
import type { Use } from '../protocol/usesApi';
import type { FigureOwner } from './charts/FigureMenu';
import { extend, isSame, lacking, withPoints, type PointsHere } from './runPoints';
import { setTexts } from './text';
import { errorText } from '../protocol/errorText';

export type PanelClient = Api<typeof panelRequests, typeof panelEvents>;

/** What the panel shows. */
export interface PanelState extends PointsHere {
  readonly subject: PanelSubject;
  readonly view: PanelView;
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
  #settling: Promise<void> | undefined;
  #unanswered = false;
  #look: Look = { smoothing: 0 };

  constructor(readonly client: PanelClient, private readonly remember: (subject: PanelSubject) => void) {
    for (const event of Object.keys(hostEvents) as HostEvent[]) {
      client.on(event, (payload) => {
        if (!this.#state?.run) return;
        const { closeUp } = this.#state;
        if (closeUp && 'points' in payload) extend(closeUp, payload.points);
        this.#set({ ...this.#state, run: afterEvent(this.#state.run, event, payload), ...(event === 'restarted' ? { closeUp: undefined } : {}) });
        this.#follow();
      });
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

  /** What of the run's points is looked at: of a long run, which has some here, those are asked for. */
  lookAt(look: Look): void {
    if (isSame(this.#look, look)) return; // what it lacks was asked for as it came
    this.#look = look;
    this.#refine();
  }
  /** Resolves when the points are there by which what is looked at is drawn. */
  settled(): Promise<void> { return this.#settling ??= this.#settle().finally(() => { this.#settling = undefined; }); }
  /** All of the run's points, of which some are here. */
  async allTracks(): Promise<Tracks> {
    const { points } = await this.client.request('points', { smoothing: 0 });
    return points ? unpackTracks(points.tracks) : emptyTracks();
  }

  /** Asks for what is lacking, unless that came to nothing: then it is asked for when something else is looked at, or a figure is to be saved. */
  #follow(): void { if (!this.#unanswered && this.#lacking()) this.#refine(); }
  #refine(): void { this.settled().catch((error: unknown) => { this.fail(error); }); }
  async #settle(): Promise<void> {
    for (let asked = this.#lacking(); asked; asked = this.#lacking()) {
      this.#unanswered = true;
      const { points } = await this.client.request('points', { ...asked, most: FINE_POINTS });
      this.#unanswered = false;
      if (!points) return;
      const state = this.#state;
      if (!state?.run || points.runId !== state.run.manifest.id) continue; // another is shown meanwhile
      this.#set({ ...state, ...withPoints({ ...state, run: state.run }, asked, unpackTracks(points.tracks)) });
      await new Promise((resolve) => { requestAnimationFrame(resolve); }); // it is drawn
    }
  }
  #lacking(): Look | undefined { return this.#state && lacking(this.#state, this.#look); }

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
    this.#set({ ...state, closeUp: undefined });
    this.#refine();
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
