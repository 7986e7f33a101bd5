import * as vscode from 'vscode';
import { commandIds } from '../contributions';
import { branchFix, editFixes } from './divergenceOffers';
import type { FailedRun, RunProblems } from './runProblems';

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

function edits(document: vscode.TextDocument, run: FailedRun): vscode.CodeAction[] {
  return editFixes(document, run).map(({ title, edit }) => Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { edit }));
}

function branch(run: FailedRun): vscode.CodeAction[] {
  const found = branchFix(run);
  if (!found) return [];
  const { title, reference } = found;
  return [Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { command: { title, command: commandIds.branch, arguments: [reference] } })];
}
