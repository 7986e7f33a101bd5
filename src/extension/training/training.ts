import path from 'node:path';
import * as vscode from 'vscode';
import { HostStartError } from '../../client/hosts';
import { isLive, type RunState } from '../../protocol/run';
import { openDocument } from '../modelFiles/fileNow';
import { hasFile } from '../modelFiles/missingFile';
import { modelLabel, type RunProblems } from '../modelFiles/runProblems';
import { isOfModel } from '../modelFiles/runsOf';
import { saveDocument } from '../modelFiles/saveDocument';
import { trusted } from '../trust';
import { hostSentence } from '../hostSentence';
import type { ModelReference } from '../modelFiles/modelFiles';
import type { Panels } from '../panels/panels';
import type { OpenRun } from './openRun';
import type { RunStore } from './runStore';
import type { ListedRun } from '../../runs/registry';
import { errorText } from '../../protocol/errorText';

/** Notifications show hundredths. */
const percent = (fraction: number): number => Math.round(fraction * 100);

/** Starts runs, and follows every live one to its end: progress, problems, log. */
export class Training implements vscode.Disposable {
  readonly #opened: vscode.Disposable;

  constructor(private readonly runs: RunStore, private readonly panels: () => Panels, private readonly problems: RunProblems, private readonly log: vscode.LogOutputChannel) {
    this.#opened = runs.onDidOpen((run) => { this.#follow(run); });
  }

  async start(model: ModelReference): Promise<void> {
    if (!await this.#trusted()) return;
    const running = this.#running(model);
    if (running) {
      this.panels().open(model).show(running);
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} is training already. Stop it to start again.', model.name));
      return;
    }
    const document = openDocument(model.file);
    if (document && !await saveDocument(document, vscode.workspace.onDidSaveTextDocument)) {
      void vscode.window.showErrorMessage(vscode.l10n.t('{0} could not be saved, so it was not trained.', path.basename(model.file)));
      return;
    }
    if (!await hasFile(model, this.runs)) return;
    await this.#begin(model, vscode.l10n.t('Train {0}', model.name), () => this.runs.train(model.file, model.name));
  }

  /** Lets a run go on from its last checkpoint. */
  async resume(listed: ListedRun): Promise<void> {
    const model = { file: listed.manifest.modelFile, name: listed.manifest.modelName };
    if (await this.#trusted()) await this.#begin(model, vscode.l10n.t('Resume {0}', model.name), () => this.runs.resume(listed), this.runs.opened(listed.manifest.id));
  }

  /** Starts a run from a checkpoint of another, with hyperparameters changed. */
  async branch(listed: ListedRun, options: { readonly step?: number; readonly set?: Readonly<Record<string, number>>; readonly epochs?: number; readonly edited?: boolean }): Promise<void> {
    const model = { file: listed.manifest.modelFile, name: listed.manifest.modelName };
    if (await this.#trusted()) await this.#begin(model, vscode.l10n.t('Branch {0}', model.name), () => this.runs.branch(listed, options));
  }

  #running(model: ModelReference): OpenRun | undefined { return this.runs.live.find(({ manifest }) => isOfModel(manifest, model)); }

  #trusted(): Promise<boolean> { return trusted(vscode.l10n.t('Training runs the code of the model file, and this folder is not trusted.')); }

  /** Starts a host by `start`, with its model's panel and progress; `shown` meanwhile. */
  async #begin(model: ModelReference, title: string, start: () => Promise<OpenRun>, shown?: OpenRun): Promise<void> {
    const panel = this.panels().open(model);
    this.problems.clear(model.file);
    panel.show(shown, { kind: 'waiting', text: vscode.l10n.t('Starting the training host'), actions: [] });
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      progress.report({ message: vscode.l10n.t('Starting the training host') });
      try {
        const run = await start();
        panel.show(run);
        await this.#prepared(run, progress, token);
      } catch (error) {
        this.log.error(errorText(error));
        if (error instanceof HostStartError && error.runError) void this.problems.show({ state: { kind: 'failed', error: error.runError }, modelFile: model.file, modelName: model.name });
        panel.notify({ kind: 'error', text: hostSentence(errorText(error)), actions: ['train', 'openLog'] });
        void this.#offerLog(hostSentence(errorText(error)));
      }
    });
  }

  dispose(): void { this.#opened.dispose(); }

  /** Resolves when a run has left `preparing`. Cancelling stops it. */
  #prepared(run: OpenRun, progress: vscode.Progress<{ message?: string; increment?: number }>, token: vscode.CancellationToken): Promise<void> {
    return new Promise((resolve) => {
      let shown = 0;
      const subscriptions: vscode.Disposable[] = [];
      const show = (state: RunState): void => {
        if (state.kind !== 'preparing') {
          for (const subscription of subscriptions) subscription.dispose();
          resolve();
          return;
        }
        const now = percent(state.fraction ?? 0);
        progress.report({ message: hostSentence(state.what), increment: Math.max(0, now - shown) });
        shown = Math.max(shown, now);
      };
      const cancel = (): void => { void run.host().then((host) => host.request('stop', {})).catch((error: unknown) => { this.log.warn(errorText(error)); }); };
      subscriptions.push(token.onCancellationRequested(cancel), run.onEvent(({ event, payload }) => { if (event === 'state') show(payload.state); }));
      if (token.isCancellationRequested) cancel();
      show(run.manifest.state);
    });
  }

  #follow(run: OpenRun): void {
    this.log.info(`${run.id}: ${run.dir}`);
    const ended = (): void => {
      const { manifest } = run;
      for (const subscription of subscriptions) subscription.dispose();
      this.log.info(`${run.id}: ${manifest.state.kind} at step ${manifest.lastStep}`);
      if (manifest.state.kind !== 'failed') return;
      const { location, message } = manifest.state.error;
      this.log.error(location ? `${location.file}:${location.line}: ${message}` : message);
      void this.problems.show(manifest);
      void this.#offerLog(vscode.l10n.t('{0}: {1}', modelLabel(manifest), hostSentence(message)));
    };
    const subscriptions = [
      run.onEvent(({ event, payload }) => {
        if (event === 'manifest') this.log.info(`${run.id}: ${payload.device}`);
        if (event === 'state' && !isLive(payload.state)) ended();
      }),
      run.onHostGone(() => {
        this.log.error(`${run.id}: the training host ended unexpectedly. Its own log: ${path.join(run.dir, 'host.log')}`);
        void this.#offerLog(vscode.l10n.t('{0}: the training host ended unexpectedly. What was saved up to then is kept.', modelLabel(run.manifest)));
      }),
    ];
    if (!run.live) ended(); // it ended before anyone listened
  }

  async #offerLog(message: string): Promise<void> {
    const open = vscode.l10n.t('Open Log');
    if (await vscode.window.showErrorMessage(message, open) === open) this.log.show();
  }
}
