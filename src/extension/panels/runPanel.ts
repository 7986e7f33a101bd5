import path from 'node:path';
import * as vscode from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc';
import { panelRequests, type ModelFile, type Notice, type PanelCommandName, type panelEvents, type PanelSubject, type ViewAsked } from '../../protocol/panelApi';
import { evaluationRequests } from '../../protocol/evaluation';
import { latentRequests } from '../../protocol/latentApi';
import { fineTracks } from '../../protocol/fineTracks';
import { coarseRun, packRun } from '../../protocol/panelRun';
import type { ShownRun } from '../../protocol/shownRun';
import { serve, type Checked, type Handlers, type Payload } from '../../protocol/rpc';
import { packTracks } from '../../protocol/tracks';
import { usesRequests } from '../../protocol/usesApi';
import type { HostMethod, HostParams, HostResult } from '../../protocol/hostApi';
import type { OpenRun } from '../training/openRun';
import { Moments } from '../../runs/moments';
import { applyValue } from '../commands/setHyperparameter';
import { insertItem } from './insertItem';
import type { KeptState } from './keptState';
import type { ModelReference } from '../modelFiles/modelFiles';
import { divergenceOffers, takeOffer } from '../modelFiles/divergenceOffers';
import { showNumber, writeBack } from '../modelFiles/writeBack';
import { portOf } from './pagePort';
import { saveFile } from './saveFile';
import { savePictures } from './savePictures';
import type { ShowPage } from './showPage';

type PanelEvents = typeof panelEvents;
type PointsAsked = Checked<typeof panelRequests, 'points'>;
/** What a panel asks of the extension about its subject. */
export type PanelCommand = (name: PanelCommandName, subject: PanelSubject) => Promise<void>;
/** Follows a model's file: `told` at first, and of what is different. */
export type FollowFile = (model: ModelReference, told: (file: ModelFile) => void) => vscode.Disposable;

/** Handlers that pass calls on as they are. */
function passedOn<R extends typeof latentRequests | typeof evaluationRequests | typeof usesRequests>(requests: R, ask: <M extends keyof R & HostMethod>(method: M, params: HostParams<M>) => Promise<HostResult<M>>): Handlers<R> {
  const handlers: unknown = Object.fromEntries((Object.keys(requests) as (keyof R & HostMethod)[]).map((method) => [method, (params: HostParams<typeof method>) => ask(method, params)]));
  return handlers as Handlers<R>;
}

/** One panel beside the code: a model and the run that is shown of it. */
export class RunPanel implements vscode.Disposable {
  readonly #connection: MessageConnection;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidClose = this.#closed.event;
  readonly #movedElsewhere = new vscode.EventEmitter<void>();
  /** Its model is in another file. */
  readonly onDidMove = this.#movedElsewhere.event;
  #run: OpenRun | undefined;
  #following: vscode.Disposable[] = [];
  #notice: Notice | undefined;
  /** What its page is to show; what is to be tried there is taken once. */
  #look: ViewAsked;
  #disposed = false;
  /** Its page is there, and knows what was told up to then. */
  #asked = false;
  #reading: Promise<void> | undefined;
  /** What is seen of a long run while it is read. */
  #glimpse: { readonly of: Promise<ShownRun | undefined>; seen?: ShownRun | undefined } | undefined;
  readonly #missed = new Set<string>();
  #modelFile: ModelFile | undefined;
  #file: vscode.Disposable | undefined;

  constructor(readonly panel: vscode.WebviewPanel, private subject: PanelSubject, look: ViewAsked, showPage: ShowPage, private readonly command: PanelCommand, private readonly kept: KeptState, private readonly follow: FollowFile) {
    this.#look = look;
    this.#connection = portOf(panel.webview, () => !this.#disposed);
    serve(this.#connection, panelRequests, this.#handlers());
    this.#connection.listen();
    this.#subscriptions.push(panel.onDidDispose(() => { this.dispose(); }), panel.onDidChangeViewState(() => { this.#catchUp(); }));
    showPage(panel, 'webview', subject.name);
    this.#followFile();
  }

  get file(): string { return this.subject.file; }
  get name(): string { return this.subject.name; }
  /** Its model, and the run shown of it. */
  get reference(): PanelSubject { return this.subject; }
  get run(): OpenRun | undefined { return this.#run; }

  /** Shows another run of its model; none while a new one starts. */
  show(run: OpenRun | undefined, notice?: Notice): void {
    this.#unfollow();
    this.#reading = this.#glimpse = undefined;
    this.#run = run;
    this.subject = { file: this.subject.file, name: this.subject.name, ...(run ? { runId: run.id } : {}) };
    if (run) {
      this.#moved(run);
      this.#following = [
        run.onEvent(({ event, payload }) => {
          if (event === 'manifest') this.#moved(run);
          this.#send(event, () => payload as Payload<PanelEvents, typeof event>);
        }),
        run.onRenewed(() => {
          this.#sendShown();
          this.notify(undefined);
        }),
        run.onHostGone(() => {
          this.notify({ kind: 'error', text: vscode.l10n.t('The training host ended unexpectedly at step {0}. What was saved up to then is kept.', run.manifest.lastStep.toLocaleString(vscode.env.language)), actions: ['resume', 'train', 'openLog'] });
        }),
      ];
    }
    this.#sendShown();
    this.notify(notice);
  }

  /** Shows a run when it is read; a page that asks before is answered then, or with a glimpse of it. @throws what reading it does */
  async showRead(reading: Promise<OpenRun | undefined>, glimpse: Promise<ShownRun | undefined> = Promise.resolve(undefined)): Promise<void> {
    const read = this.#reading = reading.then(() => undefined, () => undefined);
    this.#glimpse = { of: glimpse };
    const run = await reading;
    if (!this.#disposed && this.#reading === read && (this.#run !== run || !run)) this.show(run); // else another was shown meanwhile
  }

  notify(notice: Notice | undefined): void {
    this.#notice = notice;
    this.#send('notice', () => (notice ? { notice } : {}));
  }

  reveal(look?: ViewAsked): void {
    if (look) {
      this.#look = look;
      this.#send('view', () => this.#takeLook());
    }
    this.panel.reveal(this.panel.viewColumn, look === undefined);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#unfollow();
    this.#file?.dispose();
    this.#connection.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#closed.fire();
    this.#closed.dispose();
    this.#movedElsewhere.dispose();
    this.panel.dispose();
  }

  /** Its run's model file may be elsewhere now: so is what this panel is of. */
  #moved({ manifest: { modelFile: file } }: OpenRun): void {
    if (file === this.subject.file) return;
    const before = this.subject;
    this.subject = { ...before, file };
    void this.kept.move(before, this.subject);
    this.#followFile();
    this.#movedElsewhere.fire();
  }

  #followFile(): void {
    this.#file?.dispose();
    this.#file = this.follow(this.subject, (modelFile) => {
      this.#modelFile = modelFile;
      this.#send('modelFile', () => ({ subject: this.subject, modelFile }));
    });
  }

  #unfollow(): void { for (const following of this.#following.splice(0)) following.dispose(); }

  /** A hidden panel gets nothing: its page is gone, and asks for everything when it is back, as a new one does. */
  #send<N extends keyof PanelEvents & string>(event: N, payload: () => Payload<PanelEvents, N>): void {
    if (this.#disposed || !this.#asked) return;
    if (this.panel.visible) void this.#connection.sendNotification(event, payload()).catch(() => undefined); else this.#missed.add(event);
  }

  #takeLook(): ViewAsked {
    const look = this.#look;
    this.#look = { view: look.view };
    return look;
  }

  #sendShown(): void { this.#send('shown', () => ({ subject: this.subject, ...this.#packed() })); }

  /** Of a long run some points, which are there at once; its page asks for the others. */
  #packed() {
    const shown = this.#run?.snapshot ?? this.#glimpse?.seen;
    return shown ? { run: packRun(coarseRun(shown)) } : {};
  }
  async #points({ most, ...look }: PointsAsked) {
    await this.#reading;
    if (!this.#run) return {};
    const { id, snapshot: { history: { tracks } } } = this.#run;
    return { points: { runId: id, tracks: packTracks(most === undefined ? tracks : fineTracks(tracks, look, most)) } };
  }

  /** The run that is to be shown is there, or a glimpse of it. */
  async #there(): Promise<void> {
    const [reading, glimpse] = [this.#reading, this.#glimpse];
    if (!reading || !glimpse) return;
    await Promise.race([reading, glimpse.of.then((seen) => (seen ? void (glimpse.seen = seen) : reading))]);
  }

  /** A panel that VS Code called hidden for a moment, as while it arranges its editors, kept its page, which asks for nothing again. */
  #catchUp(): void {
    if (!this.panel.visible || this.#missed.size === 0) return;
    if (this.#missed.has('view')) this.#send('view', () => ({ view: this.#look.view }));
    this.#missed.clear();
    this.#send('stale', () => ({}));
  }

  #snapshot() {
    this.#asked = true;
    return {
      subject: this.subject, ...this.#takeLook(), texts: vscode.l10n.bundle ?? {}, locale: vscode.env.language, kept: this.kept.of(this.subject),
      ...this.#packed(), ...(this.#notice ? { notice: this.#notice } : {}), ...(this.#modelFile ? { modelFile: this.#modelFile } : {}),
    };
  }

  async #shown(): Promise<OpenRun> {
    await this.#reading;
    if (!this.#run) throw new Error(vscode.l10n.t('{0} has no run yet. Train it first.', this.subject.name));
    return this.#run;
  }
  async #ask<M extends HostMethod>(method: M, params: HostParams<M>): Promise<HostResult<M>> { return (await (await this.#shown()).host()).request(method, params); }

  #handlers(): Handlers<typeof panelRequests> {
    return {
      panelSnapshot: async () => { await this.#there(); return this.#snapshot(); },
      points: (asked) => this.#points(asked),
      command: async ({ name }) => { await this.command(name, this.subject); return {}; },
      savePictures: async (request) => { await savePictures(this.subject, request); return {}; },
      writeValue: async ({ name, value }) => ({ written: await writeBack(this.subject, name, value) }),
      applyValue: async ({ name, value }) => { await applyValue(await this.#shown(), this.subject, name, value); return {}; },
      divergenceOffers: async () => ({ offers: await divergenceOffers((await this.#shown()).manifest) }),
      takeOffer: async ({ kind }) => { await takeOffer((await this.#shown()).manifest, kind); return {}; },
      showNumber: async ({ name }) => { await showNumber(this.subject, name); return {}; },
      saveFile: async (request) => { await saveFile(path.dirname(this.file), request); return {}; },
      moment: async ({ step }) => new Moments((await this.#shown()).dir).read(step),
      insertItem: async ({ item }) => { await insertItem(this.subject, item); return {}; },
      keepState: async ({ part, state }) => { await this.kept.keep(this.subject, part, state); return {}; },
      pause: (params) => this.#ask('pause', params),
      resume: (params) => this.#ask('resume', params),
      stop: (params) => this.#ask('stop', params),
      setHyperparameter: (params) => this.#ask('setHyperparameter', params),
      sample: (params) => this.#ask('sample', params),
      fixSamples: (params) => this.#ask('fixSamples', params),
      decode: (params) => this.#ask('decode', params),
      encode: (params) => this.#ask('encode', params),
      reconstruct: (params) => this.#ask('reconstruct', params),
      interpolate: (params) => this.#ask('interpolate', params),
      learnPrior: (params) => this.#ask('learnPrior', params),
      cancelPrior: (params) => this.#ask('cancelPrior', params),
      ...passedOn(latentRequests, (method, params) => this.#ask(method, params)),
      ...passedOn(evaluationRequests, (method, params) => this.#ask(method, params)),
      ...passedOn(usesRequests, (method, params) => this.#ask(method, params)),
    };
  }
}
