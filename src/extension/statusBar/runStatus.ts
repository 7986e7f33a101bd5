import * as vscode from 'vscode';
import { commandIds, contextKeys } from '../contributions';
import { hostSentence } from '../hostSentence';
import { stateText } from '../modelFiles/lensTitles';
import { modelLabel } from '../modelFiles/runProblems';
import type { RunStore } from '../training/runStore';

const REFRESH_MS = 250;

/** The live run in one line; a click leads to its panel. Hidden while nothing trains. */
export class RunStatus implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('vaeLab.run', vscode.StatusBarAlignment.Left, 10);
  readonly #changed: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #leadsTo = '';
  #anyLive = false;

  constructor(private readonly runs: RunStore) {
    this.#item.name = 'VAE Lab';
    this.#changed = runs.onDidChange(() => { this.#timer ??= setTimeout(() => { this.#timer = undefined; this.#show(); }, REFRESH_MS); });
  }

  #show(): void {
    const live = this.runs.live;
    const newest = [...live].sort((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt))[0];
    if (this.#anyLive !== live.length > 0) {
      this.#anyLive = live.length > 0;
      void vscode.commands.executeCommand('setContext', contextKeys.live, this.#anyLive);
    }
    if (!newest) {
      this.#item.hide();
      return;
    }
    const { manifest, snapshot: { speed } } = newest;
    const icon = manifest.state.kind === 'paused' ? '$(debug-pause)' : manifest.state.kind === 'preparing' ? '$(loading~spin)' : '$(pulse)';
    const rate = manifest.state.kind === 'running' && speed ? ` \u00b7 ${vscode.l10n.t('{0} steps/s', speed.stepsPerSecond.toFixed(1))}` : '';
    const more = live.length > 1 ? ` \u00b7 ${vscode.l10n.t('{0} more', String(live.length - 1))}` : '';
    const [name, state] = [modelLabel(manifest), stateText(manifest, vscode.l10n.t, hostSentence)];
    const kind = manifest.device === '' ? '' : ` \u00b7 ${manifest.device.split(',')[0] ?? ''}`; // CPU or GPU; the rest in the tooltip
    this.#item.text = `${icon} ${name} ${state}${rate}${kind}${more}`;
    this.#item.tooltip = [name, manifest.device, vscode.l10n.t('Click to open its panel')].filter((line) => line !== '').join('\n');
    this.#item.accessibilityInformation = { label: `VAE Lab: ${name}, ${state}` };
    // Set once a model and place: a command with arguments that is set anew makes the one a click is on its way with unknown.
    const leadsTo = `${newest.id} ${manifest.modelName} ${manifest.modelFile}`;
    if (this.#leadsTo !== leadsTo) {
      this.#leadsTo = leadsTo;
      this.#item.command = { title: '', command: commandIds.openPanel, arguments: [{ file: manifest.modelFile, name: manifest.modelName }] };
    }
    this.#item.show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
    this.#item.dispose();
  }
}
