import * as vscode from 'vscode';
import { modelFilePattern } from '../contributions';
import type { ModelFiles } from '../modelFiles/modelFiles';
import type { Panels } from '../panels/panels';
import type { ShowPage } from '../panels/showPage';
import type { OpenRun } from '../training/openRun';
import type { RunStore } from '../training/runStore';
import { BesideHover } from './besideHover';
import { Glimpses } from './glimpse';
import { InsideCode } from './insideCode';
import { PreviewPanels } from './previewPanel';

/** What is shown of runs beside the code: at the ends of lines, under the pointer, and in the preview. */
export class Beside implements vscode.Disposable {
  readonly glimpses: Glimpses;
  readonly preview: PreviewPanels;
  readonly #inside: InsideCode;
  readonly #hover: vscode.Disposable;

  constructor(showPage: ShowPage, files: ModelFiles, runs: RunStore, panels: Panels, log: vscode.LogOutputChannel) {
    this.glimpses = new Glimpses((run) => runs.opened(run.id) === run);
    this.preview = new PreviewPanels(showPage, files, runs, this.glimpses, () => { this.changed(); });
    /** A run that has ended is shown in the code as long as something else shows it. */
    const shownRun = (file: string, name: string): OpenRun | undefined => {
      const latest = runs.latest({ file, name });
      const run = latest && runs.opened(latest.id);
      return run && (run.live || panels.find({ file, name })?.run === run || this.preview.shows(run)) ? run : undefined;
    };
    this.#inside = new InsideCode(files, runs, shownRun, this.glimpses, log);
    this.#hover = vscode.languages.registerHoverProvider({ pattern: modelFilePattern }, new BesideHover(files, shownRun, this.glimpses));
  }

  /** Something other than the run's own events changed what is shown. */
  readonly changed = (): void => {
    this.#inside.changed(0);
    this.preview.refresh();
  };

  dispose(): void {
    this.#hover.dispose();
    this.preview.dispose();
    this.#inside.dispose();
  }
}
