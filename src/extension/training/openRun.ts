import * as vscode from 'vscode';
import type { RunConnection } from '../../client/hosts';
import { readSnapshot } from '../../client/readSnapshot';
import { takenUp } from '../../client/resumeRun';
import type { HostApi, HostEvent, HostEvents, Snapshot } from '../../protocol/hostApi';
import { hostEvents } from '../../protocol/hostApi';
import { isLive, type Manifest, type MetricPoint } from '../../protocol/run';
import { afterEvent, shownRun, type ShownRun } from '../../protocol/shownRun';
import { RunDirectory } from '../../runs/runDirectory';
import { shownPoint } from './shownPoint';

export type RunEvent = { [E in HostEvent]: { readonly event: E; readonly payload: HostEvents[E] } }[HostEvent];
const eventNames = Object.keys(hostEvents) as readonly HostEvent[];

/** A run this window looks at: its history, and its host while there is one. */
export class OpenRun implements vscode.Disposable {
  readonly #happened = new vscode.EventEmitter<RunEvent>();
  readonly #hostGone = new vscode.EventEmitter<void>();
  readonly onEvent = this.#happened.event;
  readonly #renewed = new vscode.EventEmitter<void>();
  /** It goes on under a new host: everything of it may be different. */
  readonly onRenewed = this.#renewed.event;
  /** The host of a live run ended without a word. */
  readonly onHostGone = this.#hostGone.event;
  #connection: RunConnection | undefined;
  #connecting: Promise<RunConnection> | undefined;
  #current: ShownRun;
  #point: MetricPoint | undefined;

  constructor(readonly dir: string, snapshot: Snapshot, private readonly connect: () => Promise<RunConnection>) {
    [this.#current, this.#point] = [shownRun(snapshot), shownPoint(snapshot.metrics)];
  }

  /** Takes over a connection to the run's live host. */
  static async live(connection: RunConnection, connect: () => Promise<RunConnection>): Promise<OpenRun> {
    const run = new OpenRun(connection.dir, await readSnapshot(connection.api), connect);
    run.#take(connection);
    return run;
  }

  get id(): string { return this.#current.manifest.id; }
  get manifest(): Manifest { return this.#current.manifest; }
  get snapshot(): ShownRun { return this.#current; }
  /** What the code shows. */
  get point(): MetricPoint | undefined { return this.#point; }
  /** A host answers without being started. */
  get connected(): boolean { return this.#connection !== undefined; }
  get live(): boolean { return isLive(this.#current.manifest.state); }

  /** Takes over a connection to a host that trains it again; of one that does not, or where there is one already, lets go. */
  async renew(connection: RunConnection): Promise<void> {
    const snapshot = await readSnapshot(connection.api);
    if (this.live || !isLive(snapshot.manifest.state)) {
      connection.close();
      return;
    }
    this.#connection?.close();
    [this.#current, this.#point] = [shownRun(snapshot), shownPoint(snapshot.metrics)];
    this.#take(connection);
    this.#renewed.fire();
  }

  /** Its manifest was written by another process, as where its model file was moved. */
  reread(manifest: Manifest): void { this.#reduce({ event: 'manifest', payload: manifest }); }

  /** Its host; one that serves finished runs is started where none is left. @throws HostStartError */
  async host(): Promise<HostApi> {
    if (this.#connection) return this.#connection.api;
    this.#connecting ??= this.connect().finally(() => { this.#connecting = undefined; });
    const connection = await this.#connecting;
    if (this.#connection !== connection) this.#take(connection);
    return connection.api;
  }

  /** Where it trains, that stands back for so many milliseconds from now. */
  giveWay(ms: number): void { if (this.live) void this.#connection?.api.request('giveWay', { ms }).catch(() => undefined); }

  /** Hosts go on; only this window lets go. */
  dispose(): void {
    this.#connection?.close();
    this.#happened.dispose();
    this.#hostGone.dispose();
    this.#renewed.dispose();
  }

  #take(connection: RunConnection): void {
    this.#connection = connection;
    for (const event of eventNames) connection.api.on(event, (payload) => { this.#reduce({ event, payload } as RunEvent); });
    connection.onClose(() => {
      if (this.#connection === connection) this.#connection = undefined;
      if (this.live) void this.#lost();
    });
  }

  /** The host ended while the run was live. What it wrote last is the truth: a watchdog may have said why. */
  async #lost(): Promise<void> {
    const written = await new RunDirectory(this.dir).readManifest().catch(() => undefined);
    const { state, lastStep } = written && !isLive(written.state) ? written : { state: { kind: 'interrupted' } as const, lastStep: this.manifest.lastStep };
    const next = state.kind === 'interrupted' ? await takenUp(this).catch(() => undefined) : undefined;
    if (state.kind === 'interrupted' && !next) this.#hostGone.fire(); // first: the state ends whoever follows the run
    this.#reduce({ event: 'state', payload: { state, lastStep: Math.max(lastStep, this.manifest.lastStep) } });
    if (next) await this.renew(next);
  }

  #reduce(happened: RunEvent): void {
    this.#current = afterEvent(this.#current, happened.event, happened.payload);
    if (happened.event === 'restarted') this.#point = undefined;
    else if (happened.event === 'metrics') this.#point = shownPoint([...(this.#point ? [this.#point] : []), ...happened.payload.points]);
    this.#happened.fire(happened);
  }
}
