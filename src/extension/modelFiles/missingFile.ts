import path from 'node:path';
import * as vscode from 'vscode';
import { sourceOf } from '../../protocol/run';
import type { RunStore } from '../training/runStore';
import { isThere, openDocument } from './fileNow';
import type { ModelReference } from './modelFiles';
import { showCode } from './showCode';

const isGone = ({ file }: ModelReference): string => vscode.l10n.t('{0} is not there any more.', path.basename(file));

/** The model file's text as the model's newest run has it; undefined where there is none. */
function keptText({ file, name }: ModelReference, runs: RunStore): string | undefined {
  const run = runs.latest({ file, name });
  return (run && sourceOf(run)) || undefined;
}

/** The document of a model's file. @throws in a sentence where the file is not there */
export async function documentOf(model: ModelReference): Promise<vscode.TextDocument> {
  const open = openDocument(model.file);
  if (!open && !await isThere(model.file)) throw new Error(isGone(model));
  return open ?? vscode.workspace.openTextDocument(model.file);
}

/** Writes the file anew as the model's newest run has it, and shows it. A file that is there is only shown. @throws in a sentence */
export async function restoreModelFile(model: ModelReference, runs: RunStore): Promise<void> {
  const { file } = model;
  if (!await isThere(file)) {
    const text = keptText(model, runs);
    if (text === undefined) throw new Error(isGone(model));
    await vscode.workspace.fs.writeFile(vscode.Uri.file(file), new TextEncoder().encode(text)); // with its folder
  }
  await showCode(vscode.Uri.file(file));
}

/** Whether a model's file is there; where it is not that is said, and to write it anew as its newest run has it is offered. */
export async function hasFile(model: ModelReference, runs: RunStore): Promise<boolean> {
  if (await isThere(model.file)) return true;
  const write = vscode.l10n.t('Write It Again');
  const offers = keptText(model, runs) === undefined ? [] : [write];
  const said = offers.length > 0 ? vscode.l10n.t('{0} is not there any more. Its newest run has its text.', path.basename(model.file)) : isGone(model);
  if (await vscode.window.showErrorMessage(said, ...offers) !== write) return false;
  await restoreModelFile(model, runs);
  return true;
}
