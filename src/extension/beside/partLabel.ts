import * as vscode from 'vscode';
import { partInWords, partTitles } from '../../protocol/parts';

/** A part of the loss within a line: in another language than English by the name that the panel gives it, as far as it has one; KL as such. */
export function partLabel(name: string): string {
  const isPlain = vscode.l10n.bundle === undefined || name === 'kl';
  return (isPlain ? undefined : partTitles(vscode.l10n.t)[name]) ?? partInWords(name);
}
