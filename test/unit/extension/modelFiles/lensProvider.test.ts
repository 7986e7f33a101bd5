import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { RunStore } from '../../../../src/extension/training/runStore';

const { heard, editors } = vi.hoisted(() => {
  const seen: unknown[] = [];
  return { heard: new Set<() => void>(), editors: { seen } };
});
vi.mock('vscode', async () => ({
  EventEmitter: (await import('../eventEmitter')).EventEmitter,
  Range: class {}, CodeLens: class { constructor(readonly range: unknown, readonly command: unknown) {} },
  workspace: { isTrusted: true, onDidGrantWorkspaceTrust: () => ({ dispose: () => undefined }), onDidCloseTextDocument: () => ({ dispose: () => undefined }) },
  window: { get visibleTextEditors() { return editors.seen; }, onDidChangeVisibleTextEditors: (listener: () => void) => { heard.add(listener); return { dispose: () => { heard.delete(listener); } }; } },
  languages: { match: (_filter: unknown, { uri }: { uri: string }) => (uri.endsWith('.vae.ts') ? 10 : 0) },
  l10n: { t: (text: string) => text },
}));
const { LensProvider } = await import('../../../../src/extension/modelFiles/lensProvider');
const { ModelFiles } = await import('../../../../src/extension/modelFiles/modelFiles');

beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }); });
afterEach(() => { vi.useRealTimers(); });

const documentOf = (name: string) => ({ uri: name, version: 1, lineCount: 1, getText: () => 'export const m = vae({});' }) as unknown as vscode.TextDocument;
function show(...documents: vscode.TextDocument[]): void {
  editors.seen = documents.map((document) => ({ document }));
  for (const listener of heard) listener();
}
/** How often VS Code is told to ask; it is not told of what it asked for already. */
function provider() {
  const runs = { onDidChange: () => ({ dispose: () => undefined }), latest: () => undefined } as unknown as RunStore;
  const lenses = new LensProvider(new ModelFiles(), runs);
  let told = 0;
  lenses.onDidChangeCodeLenses(() => { told++; });
  return { lenses, told: () => told };
}

it('has VS Code ask for the lenses of an editor that it forgot to ask for, since that lost the focus: there when the window opens, new, or seen again', () => {
  const [model, other] = [documentOf('/m.vae.ts'), documentOf('/other.ts')];
  show(model);
  const { lenses, told } = provider();
  const answered = (): number => {
    const before = told();
    vi.advanceTimersByTime(1000);
    const now = told();
    lenses.provideCodeLenses(model);
    vi.advanceTimersByTime(20_000); // what was new is told of once more
    lenses.provideCodeLenses(model);
    vi.advanceTimersByTime(200_000);
    return now - before;
  };
  expect(answered()).toBe(1);
  const quiet = told();
  show(other, model); // another editor of it: it may show nothing
  expect(answered()).toBe(1);
  expect(told()).toBeGreaterThan(quiet);
  show(other);
  const hidden = told();
  vi.advanceTimersByTime(200_000);
  expect(told()).toBe(hidden);
  show(other, model);
  expect(answered()).toBe(1);
  lenses.dispose();
});
