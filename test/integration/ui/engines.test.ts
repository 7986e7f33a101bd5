import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { listRuns } from '../../../src/runs/registry';
import { hasTensorflow } from '../../host/engines/available';
import { longSample, openWindow, type Window } from './window';

let window: Window;
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await window.picture(task.name);
  await window.close();
});
const row = (text: string) => window.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
const dialog = () => window.page.locator('.monaco-dialog-box');

describe('an engine that is set up on demand', () => {
  it('is asked for first, with its size; the download can be cancelled, and nothing is left in its place', async () => {
    window = await openWindow();
    const { page, folder } = window;
    await openFile(page, '01-sprites.vae.ts');
    await palette(page, 'VAE Lab: Set Up TensorFlow Engine');
    await row('for the CPU').first().waitFor();
    expect(await row('for the CPU').first().innerText()).toMatch(/TensorFlow [\d.]+ for the CPU[\s\S]*download [\d.]+ [MG]B, [\d.]+ [MG]B on disk[\s\S]*no Python is needed/);
    await row('for the CPU').first().click();
    await dialog().waitFor();
    expect(await dialog().innerText()).toMatch(/Set up TensorFlow [\d.]+\?[\s\S]*It downloads [\d.]+ [MG]B and takes/);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });

    await palette(page, 'VAE Lab: Set Up TensorFlow Engine');
    await row('for the CPU').first().click();
    await dialog().getByRole('button', { name: 'Download and Set Up' }).click();
    const progress = page.locator('.notification-list-item', { hasText: /Downloading TensorFlow|Looking for TensorFlow/ });
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.notification-list-item', { hasText: 'The set-up of TensorFlow was cancelled.' }).waitFor();
    expect((await readdir(path.join(path.dirname(folder), 'components'))).filter((name) => name.startsWith('tensorflow') && !name.endsWith('.log'))).toEqual([]);
  });

  it.skipIf(!hasTensorflow)('trains, is named in the panel, and the doctor knows it', async () => {
    window = await openWindow({ files: { ...longSample(), '.vscode/settings.json': JSON.stringify({ 'vaeLab.engine': 'tensorflow' }) }, env: { VAE_LAB_COMPONENTS: process.env['VAE_LAB_COMPONENTS'] ?? '' } });
    const { page, folder } = window;
    await openFile(page, '01-sprites.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 3);
    await panelFrame(page).getByText(/CPU, TensorFlow \d/).first().waitFor();
    await expect.poll(async () => (await listRuns())[0]?.manifest).toMatchObject({ engine: 'tensorflow', gate: { passed: true, oracle: 'cpu' } }); // while it trains
    await page.locator('.statusbar-item', { hasText: /shapes step .* · CPU/ }).waitFor();
    await palette(page, 'VAE Lab: Stop Training');
    await panelFrame(page).getByTestId('state').filter({ hasText: 'stopped' }).waitFor();

    await palette(page, 'VAE Lab: Engine Doctor');
    const report = page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
    await report.getByTestId('verdict').filter({ hasText: '"auto" takes compiled' }).waitFor({ timeout: 120_000 });
    await report.getByText('Measured on the model shapes').waitFor(); // the one that is open
    const cells = await report.getByRole('row', { name: /^tensorflow/ }).getByRole('cell').allInnerTexts();
    expect(cells).toEqual([expect.stringMatching(/^CPU, TensorFlow \d/), expect.stringMatching(/^yes/), expect.stringMatching(/^[\d.]+$/), expect.stringMatching(/^\d+$/), 'chosen']);
    await report.getByRole('button', { name: 'Choose wasm' }).click();
    await report.getByRole('row', { name: /^wasm/ }).getByText('chosen').waitFor();
    expect(JSON.parse(readFileSync(path.join(folder, '.vscode', 'settings.json'), 'utf8'))).toEqual({ 'vaeLab.engine': 'wasm' }); // where it stood
    await window.picture('engine-doctor');
  });
});
