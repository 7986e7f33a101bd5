import * as vscode from 'vscode';
import { modelFilePattern, settingIds } from '../contributions';
import type { ModelFiles } from '../modelFiles/modelFiles';
import type { OpenRun } from '../training/openRun';
import type { RunStore } from '../training/runStore';
import { besideSettings, type BesideSettings } from './besideSettings';
import type { Glimpse, Glimpses } from './glimpse';
import { barsText, latentUseText } from './latentUse';
import { lineHeightOf } from './lineHeight';
import { partLabel } from './partLabel';
import { partsText } from './partsText';
import { rowUri } from './pictureUri';

/** Between two looks at the runs: what a person can follow, and a host does not feel. */
const EVERY_MS = 1000;
const SOON_MS = 50;
const MARGIN = '0 0 0 3ch';

/** The run that is shown of a model: live, or looked at in a panel. */
export type ShownRun = (file: string, name: string) => OpenRun | undefined;

/** Samples, losses and latent space of runs at the ends of the lines that make them. Nothing of the text is touched, and no line moves. */
export class InsideCode implements vscode.Disposable {
  readonly #types = { samples: decoration(), objective: decoration(), latent: decoration() };
  readonly #subscriptions: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #askedAt = -Infinity;
  #asking = false;
  #disposed = false;

  constructor(private readonly files: ModelFiles, runs: RunStore, private readonly shownRun: ShownRun, private readonly glimpses: Glimpses, private readonly log: vscode.LogOutputChannel) {
    const changed = (): void => { this.changed(); };
    this.#subscriptions = [
      runs.onDidChange(changed), vscode.window.onDidChangeVisibleTextEditors(() => { this.changed(SOON_MS); }), vscode.window.tabGroups.onDidChangeTabs(() => { this.changed(SOON_MS); }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => { if (isModelFile(document)) this.changed(SOON_MS); }),
      vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('editor') || Object.values(settingIds).some((id) => event.affectsConfiguration(id))) this.changed(SOON_MS); }),
    ];
    this.changed(SOON_MS);
  }

  /** Draws anew, `soon` after a person did something, else no more often than once a second. */
  changed(soon?: number): void {
    if (soon === undefined && this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#timer = undefined; void this.#update(); }, soon ?? Math.max(SOON_MS, this.#askedAt + EVERY_MS - performance.now()));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const type of Object.values(this.#types)) type.dispose();
  }

  async #update(): Promise<void> {
    const editors = vscode.window.visibleTextEditors.filter(({ document }) => isModelFile(document));
    for (const editor of editors) this.#draw(editor);
    if (this.#asking || performance.now() - this.#askedAt < EVERY_MS) {
      if (!this.#asking && editors.length > 0) this.changed();
      return;
    }
    this.#asking = true;
    this.#askedAt = performance.now();
    const shown = new Map(editors.flatMap(({ document }) => this.#runsOf(document).map(({ run }) => [run.id, { run, settings: besideSettings(document.uri) }] as const)));
    const changes = await Promise.all([...shown.values()].map(({ run, settings }) => this.glimpses.of(run).refresh(settings.latent).catch((error: unknown) => {
      this.log.debug(`${run.id}: ${String(error)}`); // a host that ends meanwhile is no news here
      return false;
    })));
    this.#asking = false;
    if (!this.#disposed && changes.includes(true)) for (const editor of vscode.window.visibleTextEditors.filter(({ document }) => isModelFile(document))) this.#draw(editor);
  }

  #runsOf(document: vscode.TextDocument) {
    return this.files.models(document).flatMap((model) => {
      const run = this.shownRun(document.uri.fsPath, model.name);
      return run ? [{ model, run }] : [];
    });
  }

  #draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const settings = besideSettings(document.uri);
    const height = lineHeightOf(document.uri) - 2;
    const atEnd = (line: number): vscode.Range => document.validateRange(new vscode.Range(line, Number.MAX_SAFE_INTEGER, line, Number.MAX_SAFE_INTEGER));
    const found: { readonly [K in keyof BesideSettings]: vscode.DecorationOptions[] } = { samples: [], objective: [], latent: [] };
    for (const { model: { range, options }, run } of this.#runsOf(document)) {
      const glimpse = this.glimpses.of(run);
      if (settings.samples) found.samples.push(...samplesAt(atEnd(range.line), glimpse, height));
      if (settings.objective && options['objective']) found.objective.push(...objectiveAt(atEnd(options['objective'].line), run));
      if (settings.latent && options['latentDim']) found.latent.push(...latentAt(atEnd(options['latentDim'].line), glimpse));
    }
    for (const kind of ['samples', 'objective', 'latent'] as const) editor.setDecorations(this.#types[kind], found[kind]);
  }
}

const isModelFile = (document: vscode.TextDocument): boolean => vscode.languages.match({ pattern: modelFilePattern }, document) > 0;
const decoration = (): vscode.TextEditorDecorationType => vscode.window.createTextEditorDecorationType({ rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
const textStyle = { color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'normal', margin: MARGIN } as const;

function samplesAt(range: vscode.Range, { stripInCode: strip }: Glimpse, height: number): vscode.DecorationOptions[] {
  if (!strip) return [];
  return [{ range, renderOptions: { after: { contentIconPath: vscode.Uri.parse(rowUri(strip, height)), margin: MARGIN } } }];
}

function objectiveAt(range: vscode.Range, { manifest, point, snapshot: { marks } }: OpenRun): vscode.DecorationOptions[] {
  return point ? [{ range, renderOptions: { after: { ...textStyle, contentText: partsText(point, manifest, marks, partLabel) } } }] : [];
}

function latentAt(range: vscode.Range, { use, jointKl }: Glimpse): vscode.DecorationOptions[] {
  if (!use) return [];
  const after = { color: textStyle.color, margin: '0 0 0 1ch', contentText: barsText(use) };
  return [{ range, renderOptions: { before: { ...textStyle, contentText: latentUseText(use, vscode.l10n.t, jointKl) }, after } }];
}
