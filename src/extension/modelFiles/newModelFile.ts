import path from 'node:path';
import * as vscode from 'vscode';

const body = (data: 'mnist' | 'sprites', latentDim: number, units: number): string => `import { adam, bernoulli, elbo, ${data}, vae } from 'vae-lab';

export const model = vae({
  data: ${data}(),
  latentDim: ${latentDim},
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: ${units}, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: ${units}, activation: 'relu' })],
  likelihood: bernoulli(),
  objective: elbo({ beta: 1 }),
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
`;

/** Asks what to start from and where to put it, and opens the new file. `at`: the folder that was pointed at. */
export async function newModelFile(at?: vscode.Uri): Promise<void> {
  const start = await vscode.window.showQuickPick([
    { label: vscode.l10n.t('Shapes'), description: vscode.l10n.t('made here, no download'), text: body('sprites', 10, 256) },
    { label: vscode.l10n.t('Handwritten digits (MNIST)'), description: vscode.l10n.t('11 MB, downloaded once'), text: body('mnist', 20, 400) },
  ], { title: vscode.l10n.t('New Model File'), placeHolder: vscode.l10n.t('What should it learn?') });
  if (!start) return;
  const target = await chooseTarget(at && { uri: at, name: path.posix.basename(at.path) });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(start.text));
  await vscode.window.showTextDocument(target);
}

async function chooseTarget(at: { readonly uri: vscode.Uri; readonly name: string } | undefined): Promise<vscode.Uri | undefined> {
  const folders = at ? [at] : vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t('In which folder?') }) : folders[0];
  if (folders.length > 1 && !folder) return undefined;
  if (!folder) return vscode.window.showSaveDialog({ title: vscode.l10n.t('New Model File'), filters: { [vscode.l10n.t('Model files')]: ['vae.ts', 'vae.js'] }, saveLabel: vscode.l10n.t('Create') });
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Model File'), prompt: vscode.l10n.t('Name of the file in {0}', folder.name), value: 'model.vae.ts', valueSelection: [0, 'model'.length],
    validateInput: async (value) => {
      if (value.trim() === '' || /[\\:*?"<>|]/.test(value) || path.isAbsolute(value) || value.split('/').includes('..')) return vscode.l10n.t('Give a file name.');
      return await exists(vscode.Uri.joinPath(folder.uri, withEnding(value))) ? vscode.l10n.t('{0} exists already.', withEnding(value)) : undefined;
    },
  });
  return name === undefined ? undefined : vscode.Uri.joinPath(folder.uri, withEnding(name));
}

const withEnding = (name: string): string => (/\.vae\.[jt]s$/.test(name.trim()) ? name.trim() : `${name.trim().replace(/\.[jt]s$/, '')}.vae.ts`);
const exists = (uri: vscode.Uri): Promise<boolean> => Promise.resolve(vscode.workspace.fs.stat(uri)).then(() => true, () => false);
