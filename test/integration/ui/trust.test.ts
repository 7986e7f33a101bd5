import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame } from '../../../scripts/vscode/hands.mjs';
import type { Manifest } from '../../../src/protocol/run';
import { listRuns, registerRun } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { openWindow, type Window } from './window';

/** Leaves a file behind when it is run. */
const evil = `import { writeFileSync } from 'node:fs';
import { sprites, vae } from 'vae-lab';
writeFileSync(new URL('model-was-run', 'file://' + __dirname + '/'), '');
export const small = vae({ data: sprites({ trainCount: 256, testCount: 64 }), latentDim: 2,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })],
  training: { epochs: 2 } });
`;
let window: Window;
const at = (name: string): string => path.join(window.folder, name);
const hosts = async (): Promise<string[]> => (await readdir(path.join(window.state, 'hosts')).catch(() => [])).filter((name) => name.endsWith('.json'));

/** A run of the model, interrupted, as a stranger may have left one in the folder. */
async function leaveRun(): Promise<void> {
  const dir = at('.vae-lab/runs/strange');
  const directory = await RunDirectory.create(dir);
  const manifest: Manifest = {
    schemaVersion: 1, id: 'strange', modelFile: at('small.vae.ts'), modelName: 'small', source: evil, createdAt: '2026-01-01T00:00:00.000Z', engine: 'wasm', device: 'CPU, TensorFlow.js wasm', seed: 1, epochs: 2, batchSize: 128,
    stepsPerEpoch: 2, latentDim: 2, imageShape: [32, 32, 1], testCount: 64, hyperparameters: { learningRate: 1e-3, beta: 1 }, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, host: { pid: 1, startedAt: '', node: '' }, state: { kind: 'running' }, lastStep: 3,
  };
  await directory.writeManifest(manifest);
  await directory.checkpoints.write({ step: 3, tensors: [], trainer: '{}' });
  await registerRun('strange', dir);
}

beforeAll(async () => {
  window = await openWindow({
    trust: false, settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
    files: { 'small.vae.ts': evil, 'node.sh': '#!/bin/sh\ntouch "$(dirname "$0")/node-was-run"\nexec node "$@"\n' },
  });
  await chmod(at('node.sh'), 0o755);
  await mkdir(at('.vscode'));
  await writeFile(at('.vscode/settings.json'), JSON.stringify({ 'vaeLab.nodePath': at('node.sh') }));
  await leaveRun();
});
afterAll(() => window.close());
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

describe('a stranger\'s folder', () => {
  it('shows its models, and says why nothing of them is run', async () => {
    const { page } = window;
    await openFile(page, 'small.vae.ts');
    await lens(page, 'off: this folder is not trusted').waitFor();
    expect(await page.locator('.codelens-decoration a').allInnerTexts()).toEqual(['Train VAE', 'Sample', 'Explore', 'off: this folder is not trusted']);
  });

  it.each([
    ['VAE Lab: Train VAE', 'Training runs the code of the model file'], ['VAE Lab: Resume Training', 'Training runs the code of the model file'],
    ['VAE Lab: Engine Doctor', 'Engines are not started'], ['VAE Lab: Set Up TensorFlow Engine', 'Engines are not started'],
  ])('runs nothing at %s', async (command, said) => {
    const { page } = window;
    await openFile(page, 'small.vae.ts');
    await palette(page, command);
    await page.locator('.notification-toast', { hasText: said }).waitFor();
    await palette(page, 'Notifications: Clear All Notifications');
    expect([existsSync(at('model-was-run')), await hosts()]).toEqual([false, []]);
  });

  it('shows a run from its files, and starts no host to look into it', async () => {
    const { page } = window;
    await openFile(page, 'small.vae.ts');
    await palette(page, 'VAE Lab: Explore Latent Space');
    await panelFrame(page).getByRole('alert').filter({ hasText: 'This folder is not trusted, so no model file in it is run' }).waitFor();
    expect([existsSync(at('model-was-run')), await hosts(), (await listRuns()).map(({ manifest }) => [manifest.id, manifest.state.kind])]).toEqual([false, [], [['strange', 'interrupted']]]);
  });

  it('once it is trusted is run, by the Node of the machine and none that the folder names', async () => {
    const { page } = window;
    await openFile(page, 'small.vae.ts');
    await palette(page, 'Workspaces: Manage Workspace Trust');
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Train VAE').or(lens(page, 'Resume')).first().waitFor();
    await palette(page, 'VAE Lab: Train VAE');
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    expect([existsSync(at('model-was-run')), existsSync(at('node-was-run'))]).toEqual([true, false]);
  });
});
