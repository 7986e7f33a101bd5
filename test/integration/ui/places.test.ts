import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { ensureNode24 } from '../../../scripts/tools/node24.mjs';
import { listRuns } from '../../../src/runs/registry';
import { openWindow, type Window, type WindowOptions } from './window';

const small = `import { sprites, vae } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 256, testCount: 64 }), latentDim: 2,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })],
  training: { epochs: 2 } });
`;
let window: Window;
const open = async (options: WindowOptions): Promise<Window> => { window = await openWindow(options); return window; };
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await window.picture(task.name);
  await window.close();
});

async function openLoose(page: Page, file: string): Promise<void> {
  await palette(page, 'File: Open File...');
  const input = page.locator('.quick-input-widget input[type=text]');
  await page.locator('.quick-input-titlebar', { hasText: 'Open File' }).waitFor();
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor(); // what the dialog begins with, which it writes over what is typed before
  await input.fill(file);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: path.basename(file) }).waitFor();
  await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
}

describe('where model files may be', () => {
  it('several workspace folders: each run with its own folder and file', async () => {
    const workspace = JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] });
    const { page, folder } = await open({ workspace: 'both.code-workspace', files: { 'both.code-workspace': workspace, 'one/small.vae.ts': small, 'two/small.vae.ts': small } });
    await openFile(page, 'two/small.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    const [run] = await listRuns();
    expect(run?.dir.startsWith(path.join(folder, 'two', '.vae-lab'))).toBe(true);
    expect(existsSync(path.join(folder, 'one', '.vae-lab'))).toBe(false);
    await openFile(page, 'one/small.vae.ts');
    await lens(page, 'no runs yet').waitFor();
  });

  it('a loose file without a folder: its runs are kept by the extension', async () => {
    const { page, folder } = await open({ empty: true, files: { 'loose.vae.ts': small } });
    await openLoose(page, path.join(folder, 'loose.vae.ts'));
    await lens(page, 'Train VAE').first().click();
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    expect((await readdir(folder)).filter((name) => name === '.vae-lab')).toEqual([]);
    expect((await listRuns())[0]?.manifest.state.kind).toBe('completed');
    await palette(page, 'VAE Lab: Explore Latent Space');
    await panelFrame(page).getByTestId('pad-image').waitFor();
  });

  it('a file outside the folders: its live run is found after a reload', async () => {
    const { page, top, reload } = await open({});
    const file = path.join(top, 'outside.vae.ts');
    await writeFile(file, small.replace('epochs: 2', 'epochs: 100000'));
    await openLoose(page, file);
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 4);
    await palette(page, 'View: Close Editors in Other Groups'); // the panel, which would bring its run back
    await reload();
    await lens(page, 'Pause').click();
    await lens(page, 'Resume').waitFor();
  });

  it('a folder where nothing can be written: its runs are kept by the extension', async () => {
    // A file of that name stands for a folder that cannot be written: also where the tests run as root, whom no permission stops.
    const { page, folder } = await open({ files: { '.vae-lab': '', 'small.vae.ts': small } });
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 4, 20_000);
    expect((await listRuns())[0]?.dir.startsWith(folder)).toBe(false);
  });

  it('where no Node runs: a sentence that says which setting is wrong', async () => {
    const { page } = await open({ machineSettings: { 'vaeLab.nodePath': '/no/such/node' }, files: { 'small.vae.ts': small } });
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await page.locator('.notification-toast', { hasText: 'No Node runs at "/no/such/node". Correct the setting vaeLab.nodePath' }).waitFor();
    await panelFrame(page).getByRole('alert').filter({ hasText: 'No Node runs at' }).waitFor();
    expect(await listRuns()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('where no Node is installed: VS Code\'s own runtime trains, on the compiled engine, whose gradients are compared there too', async () => {
    const { page, folder } = await open({ files: { 'small.vae.ts': small }, env: { PATH: '/no/such/folder', SHELL: '', VSCODE_CLI: '1' } }); // the last: else VS Code asks the login shell for its PATH
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    const [run] = await listRuns();
    expect(run?.manifest).toMatchObject({ engine: 'compiled', gate: { passed: true, oracle: 'cpu' }, state: { kind: 'completed' } });
    expect([run?.manifest.host.node, run?.dir.startsWith(folder)]).toEqual([spawnSync(await ensureNode24(), ['--version'], { encoding: 'utf8' }).stdout.trim(), true]); // which runs code-server
  });

});
