import * as vscode from 'vscode';
import { partInWords } from '../../protocol/parts';

/** A part of the loss within a line: in another language than English by the name that the panel gives it, as far as it has one. */
export function partLabel(name: string): string {
  if (vscode.l10n.bundle === undefined) return partInWords(name);
  const known: Readonly<Record<string, string>> = {
    reconstruction: vscode.l10n.t('Reconstruction'), bound: vscode.l10n.t('Bound'), capacityGap: vscode.l10n.t('Distance from the capacity'), countedKl: vscode.l10n.t('KL divergence, with free bits'), absoluteCode: vscode.l10n.t('Sum of absolute codes'),
    mutualInformation: vscode.l10n.t('Mutual information'), totalCorrelation: vscode.l10n.t('Total correlation'), discriminator: vscode.l10n.t('Discriminator'), commitment: vscode.l10n.t('Distance from the codes'), perplexity: vscode.l10n.t('Perplexity of the codes'),
    dimensionWiseKl: vscode.l10n.t('KL divergence, dimension by dimension'),
  };
  return known[name] ?? partInWords(name);
}
