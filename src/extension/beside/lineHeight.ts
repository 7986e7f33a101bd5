import * as vscode from 'vscode';

/** The editor's own ratio where no height is set. */
const RATIO = process.platform === 'darwin' ? 1.5 : 1.35;
const MINIMUM = 8;

/** The height of a line in pixels, as the editor computes it from its settings: 0 is automatic, up to 8 a multiple of the font's size. */
export function lineHeightOf(scope: vscode.Uri): number {
  const editor = vscode.workspace.getConfiguration('editor', scope);
  const number = (name: string, otherwise: number): number => { const value = editor.get<unknown>(name); return typeof value === 'number' && Number.isFinite(value) ? value : otherwise; };
  const [set, font] = [number('lineHeight', 0), number('fontSize', 14)];
  const height = set === 0 ? RATIO * font : set < MINIMUM ? set * font : set;
  return Math.max(MINIMUM, Math.round(height));
}
