import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lastFrame, lens, openFile, palette, paletteTo, panelFrame } from '../../../scripts/vscode/hands.mjs';
import { openWindow, type Window } from './window';

let window: Window;
beforeAll(async () => { window = await openWindow(); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

/** The notification that says this, put away when it was seen. VS Code shows no toast for some that come right after another: those are in its notification center. */
async function told(text: string): Promise<void> {
  const { page } = window;
  const message = page.locator('.notification-list-item', { hasText: text }).filter({ visible: true }).first();
  if (!await message.waitFor({ timeout: 5000 }).then(() => true, () => false)) {
    await palette(page, 'Notifications: Show Notifications');
    await message.waitFor();
  }
  await palette(page, 'Notifications: Clear All Notifications');
  await message.waitFor({ state: 'hidden' });
}

describe('the commands, with the keyboard alone', () => {
  it('say what to do next where there is nothing to act on', async () => {
    const { page } = window;
    await openFile(page, '01-sprites.vae.ts');
    await lens(page, 'no runs yet').waitFor();
    for (const title of ['VAE Lab: Pause Training', 'VAE Lab: Resume Training', 'VAE Lab: Stop Training', 'VAE Lab: Set Hyperparameter']) {
      await palette(page, title);
      await told('No training is running. Train a model first.');
    }
    await palette(page, 'VAE Lab: Show Runs');
    await panelFrame(page).getByText('There are no runs yet. Train a model to make one.').waitFor();
    await palette(page, 'View: Close Editor');
    await openFile(page, '01-sprites.vae.ts');
    for (const title of ['VAE Lab: Sample', 'VAE Lab: Explore Latent Space']) {
      await palette(page, title);
      await told('shapes has no run yet. Train it first.');
    }
    await palette(page, 'VAE Lab: Open Log');
    await page.locator('.part.panel .composite.title', { hasText: 'Output' }).waitFor();
  });

  it('make a new model file that trains', async () => {
    const { page, folder } = window;
    await paletteTo(page, 'VAE Lab: New Model File', page.locator('.quick-input-list .monaco-list-row', { hasText: 'Handwritten digits' }));
    await page.keyboard.press('Enter');
    const input = page.locator('.quick-input-widget input[type=text]');
    await page.locator('.quick-input-message', { hasText: 'Name of the file' }).waitFor();
    await input.fill('01-sprites');
    await page.locator('.quick-input-message', { hasText: '01-sprites.vae.ts exists already.' }).waitFor();
    await input.fill('mine');
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: 'mine.vae.ts' }).waitFor();
    expect(await readFile(path.join(folder, 'mine.vae.ts'), 'utf8')).toContain('data: sprites()');
    await palette(page, 'VAE Lab: Train VAE');
    await panelFrame(page).getByTestId('state').filter({ hasText: 'training' }).waitFor();
    await palette(page, 'VAE Lab: Stop Training');
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
  });

  it('list a run that was started in a terminal, and its lenses tell of it', async () => {
    const { page, folder, state } = window;
    await openFile(page, '01-sprites.vae.ts');
    await lens(page, 'no runs yet').waitFor();
    await promisify(execFile)(process.execPath, [path.resolve('bin/vae-lab.js'), 'train', path.join(folder, '01-sprites.vae.ts'), '--epochs', '1', '--json'], { env: { ...process.env, VAE_LAB_STATE: state } });
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    await palette(page, 'View: Close All Editors');
    await palette(page, 'VAE Lab: Show Runs');
    const run = panelFrame(page).locator('table.runs tbody tr', { hasText: 'completed' }).getByRole('button', { name: 'shapes', exact: true });
    await run.focus();
    await page.keyboard.press('Enter');
    await lastFrame(page).getByTestId('state').filter({ hasText: 'completed' }).waitFor();
    const { stdout } = await promisify(execFile)(process.execPath, [path.resolve('bin/vae-lab.js'), 'runs'], { env: { ...process.env, VAE_LAB_STATE: state } });
    expect(stdout.trim().split('\n')).toHaveLength(2); // the editor's own and the terminal's
  });
});
