import { access, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { listRuns } from '../../../src/runs/registry';
import { longSample, openWindow, type Window } from './window';

const [before, after] = ['01-sprites.vae.ts', 'shapes.vae.ts'];
let window: Window;
beforeAll(async () => { window = await openWindow({ files: longSample() }); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

/** The file's line in the explorer, chosen. */
async function chosen(name: string): Promise<Locator> {
  const { page } = window;
  await palette(page, 'View: Show Explorer');
  const line = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  await line.click();
  return line;
}

/** The tests follow one another, as a person's session does. */
describe('a model file in a real VS Code', () => {
  it('keeps its live run, and its panel, when it is renamed', async () => {
    const { page } = window;
    await openFile(page, before);
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 5);
    await chosen(before);
    await page.keyboard.press('F2');
    const input = page.locator('.explorer-folders-view input');
    await input.fill(after);
    await input.press('Enter');
    await page.locator('.tab', { hasText: after }).waitFor();
    await page.locator('.tab', { hasText: after }).click();
    await lens(page, 'Pause').click();
    await lens(page, 'Resume').waitFor();
    expect((await listRuns())[0]?.manifest).toMatchObject({ modelFile: path.join(window.folder, after), state: { kind: 'paused' } });
    const row = panelFrame(page).getByTestId('tuning').getByRole('group', { name: 'beta', exact: true });
    await row.getByRole('textbox').fill('2.5');
    await row.getByRole('textbox').press('Enter');
    await row.getByRole('button', { name: 'Write into File' }).click();
    await page.locator('.view-line', { hasText: 'elbo({ beta: 2.5 })' }).waitFor();
    await row.getByText('written into the model file').waitFor();
    await page.keyboard.press('Control+1');
    await page.keyboard.press('Control+S');
    await expect.poll(() => readFile(path.join(window.folder, after), 'utf8')).toContain('beta: 2.5');
  });

  it('keeps its run when another program moves it', async () => {
    const { page } = window;
    await rename(path.join(window.folder, after), path.join(window.folder, 'elsewhere.vae.ts'));
    await openFile(page, 'elsewhere.vae.ts');
    await lens(page, 'Resume').waitFor();
    await rename(path.join(window.folder, 'elsewhere.vae.ts'), path.join(window.folder, after));
    await openFile(page, after);
    await lens(page, 'Resume').waitFor();
    await panelFrame(page).getByText('The model file is not there any more.').waitFor({ state: 'detached' });
  });

  it('is written again from its run when it was deleted', async () => {
    const { page } = window;
    await chosen(after);
    await page.keyboard.press('Shift+Delete');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' }).click();
    const again = panelFrame(page).getByRole('button', { name: 'Write It Again' });
    await panelFrame(page).getByText('The model file is not there any more. The run has its text.').waitFor();
    await window.picture('deleted model file');
    await panelFrame(page).getByRole('button', { name: 'latentDim 10' }).click();
    await panelFrame(page).getByText('shapes.vae.ts is not there any more.').waitFor();
    await again.click();
    await lens(page, 'Resume').waitFor();
    await again.waitFor({ state: 'detached' });
    expect(await readFile(path.join(window.folder, after), 'utf8')).toContain('export const shapes'); // as it was when training began
  });

  it('is offered again where a model is to be trained whose file is gone', async () => {
    const { page } = window;
    await panelFrame(page).getByRole('button', { name: 'Stop' }).click();
    const train = panelFrame(page).getByRole('button', { name: /^Train again$/ });
    await train.waitFor();
    await chosen(after);
    await page.keyboard.press('Shift+Delete');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' }).click();
    await panelFrame(page).getByRole('button', { name: 'Write It Again' }).waitFor();
    await train.click();
    const toast = page.locator('.notification-toast', { hasText: `${after} is not there any more. Its newest run has its text.` });
    await toast.getByRole('button', { name: 'Write It Again' }).click();
    await panelFrame(page).getByTestId('state').filter({ hasText: 'training' }).waitFor();
    await access(path.join(window.folder, after));
    expect((await listRuns()).map(({ live }) => live)).toEqual([true, false]);
  });
});
