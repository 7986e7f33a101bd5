import * as vscode from 'vscode';
import { divergenceFixes, type DivergenceFix } from '../../spec/divergenceFixes';
import type { BranchReference } from '../commands/branch';
import { commandIds } from '../contributions';
import type { FailedRun, RunProblems } from './runProblems';

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

/** Quick fixes of the problem that a loss diverged: edits of the model file, and a run of its own from the last checkpoint from before. */
export class DivergenceActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  constructor(private readonly problems: RunProblems) {}

  async provideCodeActions({ uri }: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): Promise<vscode.CodeAction[]> {
    const problem = diagnostics.find(({ source, code }) => source === 'VAE Lab' && code === 'nonFinite');
    const run = problem && this.problems.failedRun(uri);
    if (!run) return [];
    const model = await vscode.workspace.openTextDocument(run.modelFile).then((found) => found, () => undefined); // the problem may stand in a file that the model imports
    return [...(model ? edits(model, run) : []), ...branch(run)].map((action) => Object.assign(action, { diagnostics: [problem] }));
  }
}

function edits(document: vscode.TextDocument, { modelName, hyperparameters }: FailedRun): vscode.CodeAction[] {
  return divergenceFixes(document.getText(), modelName, hyperparameters?.['learningRate'] ?? USUAL_RATE).map((fix) => {
    const action = new vscode.CodeAction(titleOf(fix), vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of fix.edits) action.edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    return action;
  });
}

function branch({ id, modelFile, modelName, state, hyperparameters }: FailedRun): vscode.CodeAction[] {
  const healthy = state.kind === 'failed' ? state.error.healthy : undefined;
  if (id === undefined || !healthy) return [];
  const { step } = healthy;
  const rate = Math.min(healthy.learningRate, hyperparameters?.['learningRate'] ?? Infinity); // it may have been raised since
  const learningRate = Number((rate / TENTH).toPrecision(12));
  const title = vscode.l10n.t('Branch from step {0} with the learning rate {1}', step.toLocaleString(vscode.env.language), String(learningRate));
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const reference: BranchReference = { file: modelFile, name: modelName, runId: id, step, set: { learningRate } };
  action.command = { title, command: commandIds.branch, arguments: [reference] };
  return [action];
}
