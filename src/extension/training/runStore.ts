import * as vscode from 'vscode';
import { closeHost, connectRun, openRun, startRun, type RunConnection } from '../../client/hosts';
import { branchRun, resumeRun, type BranchOptions } from '../../client/resumeRun';
import { moveModels } from '../../client/moveModel';
import { isLive, type Manifest } from '../../protocol/run';
import { COARSE_POINTS } from '../../protocol/panelRun';
import { shownRun, type ShownRun } from '../../protocol/shownRun';
import { purgeDeleted } from '../../runs/deletedRuns';
import { listRuns, watchRuns, type ListedRun } from '../../runs/registry';
import { sameFile } from '../../runs/sameFile';
import { RunDirectory } from '../../runs/runDirectory';
import type { ModelReference } from '../modelFiles/modelFiles';
import { isThere } from '../modelFiles/fileNow';
import { isOfModel, isOfWindow } from '../modelFiles/runsOf';
import { hostSettings, runsFolder } from './hostSettings';
import { OpenRun } from './openRun';

const REFRESH_MS = 200;
/** A host that does not answer sooner, as one that computes or whose driver hangs, is connected to when it does: other runs do not wait for it. */
const ANSWER_MS = 1000;
/** So long a deletion can be undone. */
const KEPT_DELETED_MS = 24 * 60 * 60 * 1000;

/** The runs this window knows: open ones with their history, and what the registry says of the others. */
export class RunStore implements vscode.Disposable {
  readonly #open = new Map<string, OpenRun>();
  /** Live runs whose hosts have not answered yet. */
  readonly #connecting = new Map<string, Promise<OpenRun>>();
  readonly #changed = new vscode.EventEmitter<OpenRun | undefined>();
  readonly #opened = new vscode.EventEmitter<OpenRun>();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly onDidChange = this.#changed.event;
  /** A run was started, resumed, or found live; it may have failed since. */
  readonly onDidOpen = this.#opened.event;
  readonly #lost = new vscode.EventEmitter<string>();
  /** A run's folder is gone: another window, or another program, deleted it. */
  readonly onDidLose = this.#lost.event;
  #listed: readonly ListedRun[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly extensionFolder: string, private readonly storage: string) {}

  /** Finds runs, now and whenever one is started anywhere; live ones of this window's files are connected to. */
  async restore(): Promise<void> {
    const stop = watchRuns(() => { this.#timer ??= setTimeout(() => { this.#timer = undefined; void this.#refresh(); }, REFRESH_MS); });
    this.#subscriptions.push(new vscode.Disposable(stop), vscode.workspace.onDidOpenTextDocument(({ uri }) => {
      if (this.#listed.some(({ live, manifest }) => live && !this.#open.has(manifest.id) && sameFile(manifest.modelFile, uri.fsPath))) void this.#refresh(); // now it is this window's
    }));
    await purgeDeleted(new Date(Date.now() - KEPT_DELETED_MS)).catch(() => undefined); // looked at again by the next window
    await this.#refresh();
  }

  async list(): Promise<readonly ListedRun[]> {
    await this.#refresh();
    return this.known;
  }

  /** As they were listed last, those that are open as they are now. */
  get known(): readonly ListedRun[] {
    return this.#listed.map((listed) => {
      const run = this.#open.get(listed.manifest.id);
      return run ? { ...listed, manifest: run.manifest, live: run.live } : listed;
    });
  }

  /** The run that a model's lenses speak of: one that trains, else the newest. */
  latest(model: Pick<ModelReference, 'file' | 'name'>): Manifest | undefined {
    const known = [...[...this.#open.values()].map((run) => run.manifest), ...this.#listed.map(({ manifest }) => manifest).filter(({ id }) => !this.#open.has(id))];
    const trains = ({ state }: Manifest): number => Number(isLive(state)); // an older run may have been resumed
    return known.filter((manifest) => isOfModel(manifest, model)).sort((a, b) => trains(b) - trains(a) || b.createdAt.localeCompare(a.createdAt))[0];
  }

  /** One that this window looks at already. */
  opened(runId: string): OpenRun | undefined { return this.#open.get(runId); }
  /** Those that train stand back for so many milliseconds from now. */
  giveWay(ms: number): void { for (const run of this.#open.values()) run.giveWay(ms); }

  get live(): readonly OpenRun[] { return [...this.#open.values()].filter((run) => run.live); }

  /** A run as it is known here, with its folder. */
  async find(runId: string): Promise<ListedRun | undefined> { return (await this.list()).find(({ manifest }) => manifest.id === runId); }

  /** Starts a host. @throws NodeNotFoundError, NodeTooOldError, HostStartError */
  async train(modelFile: string, modelName: string): Promise<OpenRun> {
    const settings = await hostSettings(this.extensionFolder, modelFile);
    const connection = await startRun({ ...settings, modelFile, modelName, runsFolder: await runsFolder(modelFile, this.storage) });
    return this.#took(connection, modelFile);
  }

  /** Lets a run go on that has ended; of one that trains, its host is connected to. @throws NodeNotFoundError, NodeTooOldError, HostStartError */
  async resume({ dir, manifest: { id, modelFile } }: Pick<ListedRun, 'dir' | 'manifest'>): Promise<OpenRun> {
    return this.#took(await resumeRun({ ...(await hostSettings(this.extensionFolder, modelFile)), dir, runId: id }), modelFile);
  }

  /** Starts a run from a checkpoint of another. @throws NodeNotFoundError, NodeTooOldError, HostStartError */
  async branch({ dir, manifest: { modelFile } }: Pick<ListedRun, 'dir' | 'manifest'>, options: Pick<BranchOptions, 'step' | 'set' | 'epochs' | 'edited'>): Promise<OpenRun> {
    const { engine: _parents, ...settings } = await hostSettings(this.extensionFolder, modelFile);
    return this.#took(await branchRun({ ...settings, dir, ...options }), modelFile);
  }

  /** A run to look at: live, or from its directory. */
  async view(runId: string): Promise<OpenRun | undefined> {
    const open = this.#open.get(runId);
    if (open) return open;
    if (!this.#listed.some(({ manifest }) => manifest.id === runId)) await this.#refresh();
    const listed = this.#listed.find(({ manifest }) => manifest.id === runId);
    if (!listed) return this.#open.get(runId);
    if (listed.live) return this.#connect(listed);
    const snapshot = await new RunDirectory(listed.dir).readSnapshot();
    return this.#open.get(runId) ?? this.#adopt(new OpenRun(listed.dir, { ...snapshot, manifest: listed.manifest }, () => this.#viewer(listed.dir, runId, listed.manifest.modelFile)));
  }

  /** Some points of a long run that is not open, to be seen while all are read. */
  async glimpse(runId: string): Promise<ShownRun | undefined> {
    const listed = this.#listed.find(({ manifest }) => manifest.id === runId);
    if (!listed || listed.live || this.#open.has(runId)) return undefined;
    const snapshot = await new RunDirectory(listed.dir).readGlimpse(COARSE_POINTS);
    return snapshot && { ...shownRun({ ...snapshot, manifest: listed.manifest }), isCoarse: true };
  }

  /** Lets go of a run that is to be moved: nobody serves or follows it any more. */
  async close(runId: string): Promise<void> {
    this.#letGo(runId);
    await closeHost(runId);
  }

  /** A file or folder was moved: the runs of the models that it holds, or is, are of those at their new place. */
  async moveModels(from: string, to: string, failed: (run: ListedRun, error: unknown) => void): Promise<void> {
    await moveModels(from, to, failed);
    await this.#refresh();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const run of this.#open.values()) run.dispose();
  }

  async #refresh(): Promise<void> {
    const ended = [...this.#open.values()].filter(({ live }) => !live); // before they are listed: one that is not was there
    this.#listed = await listRuns();
    await Promise.all(ended.filter(({ id }) => !this.#listed.some(({ manifest }) => manifest.id === id)).map((run) => this.#lookFor(run)));
    for (const { manifest, live } of this.#listed) {
      const known = this.#open.get(manifest.id);
      if (known && !known.live && !live && known.manifest.modelFile !== manifest.modelFile) known.reread(manifest);
    }
    const here = this.#listed.filter(({ live, manifest }) => {
      const known = this.#open.get(manifest.id);
      return live && (known ? !known.live : isOfWindow(manifest.modelFile)); // one that is known may have been resumed elsewhere
    });
    const connected = Promise.all(here.map((listed) => this.#connect(listed).catch(() => undefined))); // one that ends meanwhile is in the next list
    await Promise.race([connected, new Promise((resolve) => { setTimeout(resolve, ANSWER_MS).unref(); })]);
    this.#changed.fire(undefined);
  }

  /** A run that is not listed any more is let go of where its folder is gone. */
  async #lookFor(run: OpenRun): Promise<void> {
    if (await isThere(run.dir) || run.live || this.#open.get(run.id) !== run) return;
    this.#letGo(run.id);
    this.#lost.fire(run.id);
  }
  #letGo(runId: string): void {
    const run = this.#open.get(runId);
    this.#open.delete(runId);
    run?.dispose();
  }

  #connect({ manifest: { id, modelFile } }: ListedRun): Promise<OpenRun> {
    const known = this.#connecting.get(id);
    if (known) return known;
    const connecting = connectRun(id).then((connection) => this.#took(connection, modelFile)).finally(() => { this.#connecting.delete(id); });
    this.#connecting.set(id, connecting);
    return connecting;
  }

  /** Follows a run by its host; the registry's watcher and whoever started it may both come with one. */
  async #took(connection: RunConnection, modelFile: string): Promise<OpenRun> {
    const known = this.#open.get(connection.runId);
    if (!known) return this.#follow(await OpenRun.live(connection, () => this.#viewer(connection.dir, connection.runId, modelFile)));
    if (known.live) connection.close();
    else await known.renew(connection);
    return known;
  }

  async #viewer(dir: string, runId: string, modelFile: string) {
    if (!vscode.workspace.isTrusted) throw new Error(vscode.l10n.t('This folder is not trusted, so no model file in it is run. Trust it to sample from its runs.'));
    return openRun({ ...(await hostSettings(this.extensionFolder, modelFile)), dir, runId });
  }

  #adopt(run: OpenRun): OpenRun {
    const known = this.#open.get(run.id);
    if (known) { run.dispose(); return known; }
    this.#open.set(run.id, run);
    run.onEvent(() => { this.#changed.fire(run); });
    run.onRenewed(() => {
      this.#changed.fire(run);
      this.#opened.fire(run);
    });
    this.#changed.fire(run);
    return run;
  }

  #follow(run: OpenRun): OpenRun {
    const adopted = this.#adopt(run);
    if (adopted === run) this.#opened.fire(run);
    return adopted;
  }
}
