import * as vscode from 'vscode';
import type { DivergenceOffer } from '../../protocol/panelApi';
import { divergenceFixes, type DivergenceFix } from '../../spec/divergenceFixes';
import type { BranchReference } from '../commands/branch';
import { commandIds } from '../contributions';
import { documentOf } from './missingFile';
import type { FailedRun } from './runProblems';
import { showCode } from './showCode';

/** Where the default learning rate of a model that does not say is not known. */
const USUAL_RATE = 1e-3;
const TENTH = 10;

const titleOf = ({ kind, value }: DivergenceFix): string => {
  switch (kind) {
    case 'lowerLearningRate': return vscode.l10n.t('Lower the learning rate to {0}', String(value));
    case 'clipGradients': return vscode.l10n.t('Clip gradients to the norm {0}', String(value));
    case 'boundLogVariance': return vscode.l10n.t('Bound the log-variance by {0}', String(value));
  }
};

/** Ways out of a loss that diverged, as edits of the model's file. */
export function editFixes(document: vscode.TextDocument, { modelName, hyperparameters }: FailedRun): readonly { readonly kind: DivergenceFix['kind']; readonly title: string; readonly edit: vscode.WorkspaceEdit }[] {
  return divergenceFixes(document.getText(), modelName, hyperparameters?.['learningRate'] ?? USUAL_RATE).map((fix) => {
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of fix.edits) edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    return { kind: fix.kind, title: titleOf(fix), edit };
  });
}

/** A run of its own from the last checkpoint from before, with a lower learning rate. */
export function branchFix({ id, modelFile, modelName, state, hyperparameters }: FailedRun): { readonly title: string; readonly reference: BranchReference } | undefined {
  const healthy = state.kind === 'failed' ? state.error.healthy : undefined;
  if (id === undefined || !healthy) return undefined;
  const { step } = healthy;
  const rate = Math.min(healthy.learningRate, hyperparameters?.['learningRate'] ?? Infinity); // it may have been raised since
  const learningRate = Number((rate / TENTH).toPrecision(12));
  return { title: vscode.l10n.t('Branch from step {0} with the learning rate {1}', step.toLocaleString(vscode.env.language), String(learningRate)), reference: { file: modelFile, name: modelName, runId: id, step, set: { learningRate } } };
}

/** What a panel offers where its run diverged. */
export async function divergenceOffers(run: FailedRun): Promise<DivergenceOffer[]> {
  if (run.state.kind !== 'failed' || run.state.error.code !== 'nonFinite') return [];
  const document = await vscode.workspace.openTextDocument(run.modelFile).then((found) => found, () => undefined);
  const found = branchFix(run);
  return [...(found ? [{ kind: 'branch' as const, title: found.title }] : []), ...(document ? editFixes(document, run).map(({ kind, title }) => ({ kind, title })) : [])];
}

/** Does one of them: branches, or edits the file and shows it. */
export async function takeOffer(run: FailedRun, kind: DivergenceOffer['kind']): Promise<void> {
  if (kind === 'branch') {
    const found = branchFix(run);
    if (found) await vscode.commands.executeCommand(commandIds.branch, found.reference);
    return;
  }
  const document = await documentOf({ file: run.modelFile, name: run.modelName });
  const fix = editFixes(document, run).find((candidate) => candidate.kind === kind);
  if (!fix || !await vscode.workspace.applyEdit(fix.edit)) return;
  const [[, changes] = []] = fix.edit.entries();
  const at = changes?.at(-1)?.range;
  await showCode(document, at ? { selection: at } : {});
}
