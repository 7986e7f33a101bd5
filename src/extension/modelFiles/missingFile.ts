import { access } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { sourceOf } from '../../protocol/run';
import type { RunStore } from '../training/runStore';
import type { ModelReference } from './modelFiles';
import { showCode } from './showCode';

const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false);
const isGone = ({ file }: ModelReference): string => vscode.l10n.t('{0} is not there any more.', path.basename(file));

/** The document of a model's file. @throws in a sentence where the file is not there */
export async function documentOf(model: ModelReference): Promise<vscode.TextDocument> {
  const open = vscode.workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.scheme === 'file' && uri.fsPath === model.file);
  if (!open && !await isThere(model.file)) throw new Error(isGone(model));
  return open ?? vscode.workspace.openTextDocument(model.file);
}

/** Writes the file anew as the model's newest run has it, and shows it. A file that is there is only shown. @throws in a sentence */
export async function restoreModelFile(model: ModelReference, runs: RunStore): Promise<void> {
  const { file, name } = model;
  const run = runs.latest(file, name);
  if (!await isThere(file)) {
    const text = run && sourceOf(run);
    if (!text) throw new Error(isGone(model));
    await vscode.workspace.fs.writeFile(vscode.Uri.file(file), new TextEncoder().encode(text)); // with its folder
  }
  await showCode(vscode.Uri.file(file));
}

/** Whether a model's file is there; where it is not that is said, and to write it anew as its newest run has it is offered. */
export async function hasFile(model: ModelReference, runs: RunStore): Promise<boolean> {
  if (await isThere(model.file)) return true;
  const run = runs.latest(model.file, model.name);
  const write = vscode.l10n.t('Write It Again');
  const offers = run && sourceOf(run) !== '' ? [write] : [];
  const said = offers.length > 0 ? vscode.l10n.t('{0} is not there any more. Its newest run has its text.', path.basename(model.file)) : isGone(model);
  if (await vscode.window.showErrorMessage(said, ...offers) !== write) return false;
  await restoreModelFile(model, runs);
  return true;
}
