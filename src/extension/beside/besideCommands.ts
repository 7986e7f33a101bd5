import * as vscode from 'vscode';
import type { ModelReference } from '../modelFiles/modelFiles';
import type { OpenRun } from '../training/openRun';
import type { Beside } from './beside';

const SEEDS = 2 ** 31;
const FIXED_SHOWN_MS = 4000;

/** Draws others of the run, in code, hover and preview. */
export async function sampleAgain(run: OpenRun, { glimpses, changed }: Beside): Promise<void> {
  await glimpses.of(run).drawAgain(Math.floor(Math.random() * SEEDS));
  changed();
}

/** The draws that are shown now are from here on the ones of every time. */
export async function fixSamples(run: OpenRun, model: ModelReference, { glimpses, changed }: Beside): Promise<void> {
  const glimpse = glimpses.of(run);
  const { seed } = glimpse;
  await glimpse.fix();
  changed();
  vscode.window.setStatusBarMessage(vscode.l10n.t('The samples of {0} are from now on those of seed {1}.', model.name, seed), FIXED_SHOWN_MS);
}
