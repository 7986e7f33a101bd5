import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/extension/contributions';
import { saveDocument } from '../../../src/extension/modelFiles/saveDocument';

const workspace = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const open = async (file: string): Promise<vscode.TextDocument> => {
  const document = await vscode.workspace.openTextDocument(path.join(workspace(), file));
  await vscode.window.showTextDocument(document);
  return document;
};
const write = async (file: string, text: string): Promise<vscode.TextDocument> => {
  await vscode.workspace.fs.writeFile(vscode.Uri.file(path.join(workspace(), file)), new TextEncoder().encode(text));
  return open(file);
};
/** Resolves with a document's diagnostics once they fit; after 40 s fails, saying what was there instead. */
const diagnostics = (uri: vscode.Uri, fit: (found: readonly vscode.Diagnostic[]) => boolean): Promise<readonly vscode.Diagnostic[]> => new Promise((resolve, reject) => {
  const found = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);
  const end = (): void => { subscription.dispose(); clearTimeout(limit); };
  const look = (): void => { if (fit(found())) { end(); resolve(found()); } };
  const limit = setTimeout(() => { end(); reject(new Error(`${uri.path} has: ${JSON.stringify(found())}`)); }, 40_000);
  const subscription = vscode.languages.onDidChangeDiagnostics(look);
  look();
});
const lenses = async (document: vscode.TextDocument): Promise<string[]> =>
  (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100)).map(({ command }) => command?.title ?? '').filter((title) => !/reference/.test(title));
const model = (body: string, training = 'training: { epochs: 1 }'): string => `import { vae, sprites } from 'vae-lab';
export const m = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 2,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => ${body},
  ${training} });
`;

/** A folder whose IDX file ends after its header. */
async function cutShort(): Promise<string> {
  const folder = path.join(workspace(), 'cut');
  const header = Uint8Array.of(0, 0, 8, 3, 0, 0, 39, 16, 0, 0, 0, 28, 0, 0, 0, 28);
  for (const name of ['t10k-images-idx3-ubyte', 'train-images-idx3-ubyte']) await vscode.workspace.fs.writeFile(vscode.Uri.file(path.join(folder, name)), header);
  return folder;
}

describe('the extension in the editor', () => {
  before(async () => { await vscode.extensions.getExtension('vae-lab.vae-lab')?.activate(); });

  it('registers every command', async () => {
    const all = await vscode.commands.getCommands(true);
    assert.deepEqual(Object.values(commandIds).filter((id) => !all.includes(id)), []);
  });

  it('shows four lenses above a model, and keeps them while the text does not parse', async () => {
    const document = await open('01-sprites.vae.ts');
    assert.deepEqual(await lenses(document), ['Train VAE', 'Sample', 'Explore', 'no runs yet']);
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) => { edit.insert(document.lineAt(5).range.start, 'encoder: (((\n'); });
    assert.equal((await lenses(document)).length, 4);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('saves a model file while VS Code is about to save it by itself', async () => {
    const document = await write('formatted.vae.ts', model('[layers.dense({ units: 4 })]'));
    await vscode.window.activeTextEditor?.edit((edit) => { edit.insert(new vscode.Position(0, 0), '// typed\n'); });
    let format = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      const participant = vscode.workspace.onWillSaveTextDocument((event) => {
        if (event.document !== document) return;
        participant.dispose();
        event.waitUntil(new Promise<void>((done) => { format = done; }));
        resolve();
      });
    });
    const own = document.save();
    await begun;
    assert.equal(await document.save(), false, 'VS Code takes no save while what formats the text is at work');
    const saving = saveDocument(document, vscode.workspace.onDidSaveTextDocument);
    format();
    assert.equal(await saving, true);
    assert.equal(await own, true);
    assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(document.uri)), /^\/\/ typed\n/);
  });

  it('shows lenses for each of several models, a default export among them', async () => {
    const document = await write('two.vae.js', 'import { vae } from "vae-lab";\nexport const a = vae({});\nexport default vae({});\n');
    assert.equal((await lenses(document)).length, 8);
  });

  it('knows the types of vae-lab with no install: no squiggle, completion, hover', async () => {
    const document = await write('types.vae.ts', `import { vae, mnist } from 'vae-lab';\nexport const wrong: number = 'text';\nexport const m = vae({ data: mnist(), latentDim: 2,\n  encoder: ({ layers }) => [layers.flatten()],\n  decoder: ({ layers }) => [layers.dense({ units: 4 })],\n   });\n`);
    const found = await diagnostics(document.uri, (all) => all.some(({ message }) => /not assignable to type 'number'/.test(message)));
    assert.deepEqual(found.map(({ range, message }) => `${range.start.line}: ${message}`), ["1: Type 'string' is not assignable to type 'number'."]);
    const completions = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(5, 2));
    const labels = completions.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const name of ['likelihood?', 'objective?', 'training?']) assert.ok(labels.includes(name), `${name} among ${labels.slice(0, 20).join(', ')}`);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new vscode.Position(2, 30));
    const hover = hovers.flatMap(({ contents }) => contents).map((content) => (typeof content === 'string' ? content : content.value)).join('\n');
    assert.match(hover, /mnist/);
    assert.match(hover, /Handwritten digits/);
    const layers = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(3, 35));
    assert.ok(layers.items.some(({ label }) => (typeof label === 'string' ? label : label.label) === 'conv2d'), 'TensorFlow.js layers complete');
  });

  const failing: [what: string, text: string, line: number, message: RegExp][] = [
    ['throws', `import { vae } from 'vae-lab';\n\nthrow new Error('my mistake');\nexport const m = vae({});\n`, 2, /my mistake/],
    ['has a syntax error', `import { vae } from 'vae-lab';\nexport const m = vae({ data: });\n`, 1, /could not be run/],
    ['never returns', `import { vae } from 'vae-lab';\nfor (;;) { /* on and on */ }\nexport const m = vae({});\n`, 1, /did not finish loading within 5 s/],
    ['exports no model', `import { vae } from 'vae-lab';\nconst m = vae;\nexport const text = String(m);\n`, 0, /exports no model/],
    ['names a folder with a file cut short', model('[]').replace('vae, sprites', 'vae, mnist').replace('sprites({ trainCount: 128, testCount: 64 })', "mnist({ folder: CUT })"), 1, /cut short/],
    ['names a missing data folder', `import { vae, mnist } from 'vae-lab';\n${model('[]').split('\n').slice(1).join('\n')}`.replace('sprites({ trainCount: 128, testCount: 64 })', "mnist({ folder: '/no/such/folder' })"), 1, /no\/such\/folder/],
    ['has shapes that do not fit', model('[layers.reshape({ targetShape: [5, 5] })]'), 3, /.+/],
    ['gets a loss that is not finite', `${model('[layers.dense({ units: 8 })]', 'likelihood: gaussian(), training: { epochs: 50, optimizer: sgd({ learningRate: 10 }) }')}`.replace('vae, sprites', 'vae, sprites, sgd, gaussian'), 1, /no longer finite|exploded/],
  ];
  for (const [index, [what, text, line, message]] of failing.entries()) {
    it(`a model file that ${what} gives one message in the Problems panel, at its line`, async () => {
      const document = await write(`bad${index}.vae.ts`, text.replace('CUT', JSON.stringify(await cutShort())));
      void vscode.commands.executeCommand(commandIds.train, { file: document.uri.fsPath, name: 'm' });
      const found = (await diagnostics(document.uri, (all) => all.some(({ source }) => source === 'VAE Lab'))).filter(({ source }) => source === 'VAE Lab');
      assert.equal(found.length, 1);
      assert.match(found[0]?.message ?? '', message);
      assert.equal(found[0]?.range.start.line, line);
      assert.ok(!found[0]?.range.isEmpty);
    });
  }
});
