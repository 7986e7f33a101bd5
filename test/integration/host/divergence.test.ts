import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { connectRun } from '../../../src/client/hosts';
import { commandIds } from '../../../src/extension/contributions';
import { isLive, type Manifest } from '../../../src/protocol/run';
import { listRuns } from '../../../src/runs/registry';

const text = (training: string): string => `import { vae, sprites, sgd } from 'vae-lab';

export const m = vae({ data: sprites({ trainCount: 192, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })],
  training: { batchSize: 32, ${training} } });
`;
const LIMIT_MS = 60_000;

async function write(name: string, content: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.file(path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', name));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}
/** Resolves with what `look` finds; after a minute fails. */
function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => { end(); reject(new Error(`${what}: not within ${LIMIT_MS / 1000} s.`)); }, LIMIT_MS);
    const again = setInterval(() => { void look().then((found) => { if (found !== undefined) { end(); resolve(found); } }, reject); }, 100);
    const end = (): void => { clearTimeout(limit); clearInterval(again); };
  });
}
const problem = (document: vscode.TextDocument): Promise<vscode.Diagnostic> => until('a problem', () => Promise.resolve(vscode.languages.getDiagnostics(document.uri).find(({ source }) => source === 'VAE Lab')));
const fixes = (document: vscode.TextDocument, { range }: vscode.Diagnostic): Thenable<vscode.CodeAction[]> => vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, vscode.CodeActionKind.QuickFix.value);
const runsOf = async (document: vscode.TextDocument): Promise<Manifest[]> => (await listRuns()).map(({ manifest }) => manifest).filter(({ modelFile }) => modelFile === document.uri.fsPath);
const train = (document: vscode.TextDocument): void => { void vscode.commands.executeCommand(commandIds.train, { file: document.uri.fsPath, name: 'm' }); };

describe('a loss that diverges', () => {
  before(async () => { await vscode.extensions.getExtension('vae-lab.vae-lab')?.activate(); });

  it('is a problem at the model\'s line, whose quick fixes edit the file so that it trains', async () => {
    const document = await write('wild.vae.ts', text('epochs: 5, optimizer: sgd({ learningRate: 0.1 })'));
    train(document);
    const found = await problem(document);
    assert.match(found.message, /^The loss exploded at step \d/);
    assert.equal(found.range.start.line, 2);
    const actions = (await fixes(document, found)).filter(({ edit, command }) => edit ?? command);
    const titles = actions.map(({ title }) => title);
    for (const title of ['Lower the learning rate to 0.01', 'Clip gradients to the norm 1', 'Bound the log-variance by 10']) assert.ok(titles.includes(title), `${title} among ${titles.join('; ')}`);
    const edit = actions.find(({ title }) => title.startsWith('Lower'))?.edit;
    assert.ok(edit && await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /sgd\(\{ learningRate: 0\.01 \}\)/);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'VAE Lab'), []);
    train(document); // saves it
    await until('a completed run', async () => (await runsOf(document)).find(({ state }) => state.kind === 'completed'));
  });

  it('that went well before can be branched from the last healthy checkpoint', async () => {
    const document = await write('later.vae.ts', text('epochs: 100000, optimizer: sgd({ learningRate: 0.01 })'));
    train(document);
    const { id } = await until('a live run with a checkpoint', async () => (await runsOf(document)).find(({ state, lastStep }) => state.kind === 'running' && lastStep > 0));
    const run = await connectRun(id);
    const { step } = await run.api.request('saveCheckpoint', {});
    await run.api.request('setHyperparameter', { name: 'learningRate', value: 10 });
    const title = await until('the quick fix', async () => {
      const found = vscode.languages.getDiagnostics(document.uri).find(({ source }) => source === 'VAE Lab');
      return found && (await fixes(document, found)).find((action) => action.title.startsWith('Branch from step'));
    });
    assert.match(title.title, /^Branch from step [\d,]+ with the learning rate 0\.001$/);
    await vscode.commands.executeCommand(title.command?.command ?? '', ...(title.command?.arguments ?? []) as unknown[]);
    const branch = await until('the branch', async () => (await runsOf(document)).find(({ parent, state, lastStep }) => parent?.id === id && isLive(state) && lastStep > parent.step));
    assert.ok((branch.parent?.step ?? 0) >= step);
    assert.equal(branch.hyperparameters['learningRate'], 0.001);
    const other = await connectRun(branch.id);
    await other.api.request('shutdown', {}).catch(() => undefined);
    run.close();
    other.close();
  });
});
