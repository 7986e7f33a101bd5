import path from 'node:path';
import * as vscode from 'vscode';
import { examine } from '../../client/doctor';
import type { DoctorReport } from '../../protocol/doctor';
import { doctorText } from '../../protocol/doctorText';
import type { DoctorState } from '../../protocol/doctorApi';
import { errorText } from '../../protocol/errorText';
import { isEngineName, type EngineName } from '../../spec/engines';
import { commandIds, settingIds } from '../contributions';
import { hostSentence } from '../hostSentence';
import type { ModelReference } from '../modelFiles/modelFiles';
import { DoctorPanel } from '../panels/doctorPanel';
import type { ShowPage } from '../panels/showPage';
import { configuredNode, hostSettings } from '../training/hostSettings';

/** Tries every engine, on the open model where there is one, and shows what comes of it as a page in the editor. */
export class Doctor implements vscode.Disposable {
  #panel: DoctorPanel | undefined;
  #model: ModelReference | undefined;
  #running: AbortController | undefined;
  #report: DoctorReport | undefined;
  #trying: DoctorState['trying'];
  #problem: string | undefined;
  readonly #settings = vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration(settingIds.engine)) this.#show(); });

  constructor(private readonly extension: vscode.Extension<unknown>, private readonly showPage: ShowPage) {}

  get all(): readonly vscode.WebviewPanel[] { return this.#panel ? [this.#panel.panel] : []; }

  /** Opens the page and begins, on this model or on the reference VAE; one that is open begins anew. */
  show(model?: ModelReference): void {
    this.#model = model;
    if (this.#panel) this.#panel.reveal();
    else {
      this.#panel = new DoctorPanel(this.showPage, this.#state, {
        examine: () => { void this.#examine(); return Promise.resolve({}); },
        cancel: () => { this.#running?.abort(); return Promise.resolve({}); },
        choose: async ({ engine }) => { await this.#choose(engine); return {}; },
        setUpTensorflow: async () => { await vscode.commands.executeCommand(commandIds.setUpTensorflow); return {}; },
        copyReport: async () => { if (this.#report) await vscode.env.clipboard.writeText(doctorText(this.#report, translate)); return {}; },
      });
      this.#panel.onDidClose(() => {
        this.#panel = undefined;
        this.#running?.abort();
      });
    }
    void this.#examine();
  }

  async #examine(): Promise<void> {
    this.#running?.abort();
    const running = this.#running = new AbortController();
    const tell = (report: DoctorReport | undefined, trying: DoctorState['trying'], problem?: string): void => {
      if (this.#running !== running) return; // another examination has begun
      [this.#report, this.#trying, this.#problem] = [report, trying, problem];
      this.#show();
    };
    tell(undefined, { fraction: 0 });
    try {
      const { version } = this.extension.packageJSON as { version: string };
      let known: DoctorReport | undefined;
      const report = await examine({
        node: await configuredNode(), hostScript: path.join(this.extension.extensionPath, 'dist', 'host.js'), version, model: await this.#asked(), signal: running.signal,
        onReport: (so) => { known = so; },
        onProgress: (engine, fraction) => { tell(known, { engine, fraction }); },
      });
      tell(report, undefined);
    } catch (error) {
      tell(undefined, undefined, running.signal.aborted ? vscode.l10n.t('The examination was cancelled.') : errorText(error));
    }
  }

  async #asked() {
    if (!this.#model) return undefined;
    const { dataFolder, dataMirrors } = await hostSettings(this.extension.extensionPath, this.#model.file);
    return { modelFile: this.#model.file, modelName: this.#model.name, dataFolder, dataMirrors };
  }

  /** Where the setting stands already, else for all folders. */
  async #choose(engine: EngineName): Promise<void> {
    const settings = vscode.workspace.getConfiguration(undefined, this.#scope);
    const at = settings.inspect(settingIds.engine);
    const target = at?.workspaceFolderValue !== undefined ? vscode.ConfigurationTarget.WorkspaceFolder : at?.workspaceValue !== undefined ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await settings.update(settingIds.engine, engine, target);
  }

  get #scope(): vscode.Uri | undefined { return this.#model && vscode.Uri.file(this.#model.file); }
  get #state(): DoctorState {
    const chosen = vscode.workspace.getConfiguration(undefined, this.#scope).get<string>(settingIds.engine) ?? 'auto';
    return {
      chosen: isEngineName(chosen) ? chosen : 'auto',
      ...(this.#report ? { report: this.#report } : {}), ...(this.#trying ? { trying: this.#trying } : {}), ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }
  #show(): void { this.#panel?.show(this.#state); }

  dispose(): void {
    this.#settings.dispose();
    this.#running?.abort();
    this.#panel?.dispose();
  }
}

/** What a host says has no places to fill in. */
const translate = (text: string, ...values: (string | number)[]): string => (values.length === 0 ? hostSentence(text) : vscode.l10n.t(text, ...values));
