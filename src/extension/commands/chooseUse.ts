import * as vscode from 'vscode';
import type { ViewAsked } from '../../protocol/panelApi';
import type { Use } from '../../protocol/usesApi';

/** Asks what a model is to be used for. `undefined`: nothing was chosen. */
export async function chooseUse(): Promise<ViewAsked | undefined> {
  const { t } = vscode.l10n;
  const uses: Readonly<Record<Use, readonly [label: string, detail: string]>> = {
    anomalies: [t('Anomalies'), t('The examples that the model explains worst, worst first')],
    denoise: [t('Denoise'), t('Noise is added, and taken away by the model')],
    complete: [t('Complete'), t('A box is covered, and filled in by the model')],
    attribute: [t('Move from class to class'), t('Examples of one class, moved along the difference of two mean codes')],
    compress: [t('Compress'), t('How many bits a picture takes, and what comes back')],
  };
  const items = [
    ...(Object.keys(uses) as Use[]).map((use) => ({ label: uses[use][0], detail: uses[use][1], asked: { view: 'evaluation', use } satisfies ViewAsked })),
    { label: t('Interpolate'), detail: t('Pictures along a path from one example to another, in the latent space'), asked: { view: 'latent' } satisfies ViewAsked },
  ];
  return (await vscode.window.showQuickPick<(typeof items)[number]>(items, { placeHolder: t('What is the model to be used for?'), matchOnDetail: true }))?.asked;
}
