import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { listRuns } from '../../../src/runs/registry';
import { longSample, openWindow, type Window } from './window';

const name = '01-sprites.vae.ts';
let window: Window;
beforeAll(async () => { window = await openWindow({ files: longSample() }); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

/** Types over a number of the model's text. */
async function typeOver(before: string, number: string): Promise<void> {
  const { page } = window;
  const text = (await page.locator('.view-line', { hasText: before }).first().innerText()).replaceAll('\u00a0', ' ');
  const line = (await readFile(path.join(window.folder, name), 'utf8')).split('\n').findIndex((found) => found.includes(before)) + 1;
  const [start, length] = [text.indexOf(before) + before.length, /^[\d.e-]+/.exec(text.slice(text.indexOf(before) + before.length))?.[0].length ?? 0];
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+G');
  const input = page.locator('.quick-input-widget input[type=text]');
  await input.fill(`:${line}:${start + length + 1}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  for (let i = 0; i < length; i++) await page.keyboard.press('Backspace');
  await page.keyboard.type(number);
}
/** A machine that trains has little left for its editor. */
async function pause(): Promise<void> {
  const { page } = window;
  await lens(page, 'Pause').click();
  await panelFrame(page).getByTestId('state').filter({ hasText: 'paused' }).waitFor();
  await lens(page, 'Resume').waitFor();
}
const newest = async () => {
  const [run] = await listRuns();
  if (!run) throw new Error('There is no run.');
  return run;
};

/** The tests follow one another, as a person's session does. */
describe('numbers edited in the code while a run is live', () => {
  it('relabel its lenses, and are applied live', async () => {
    const { page } = window;
    await openFile(page, name);
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 5);
    await pause();
    await typeOver('beta: ', '4');
    await lens(page, 'beta 1 \u2192 4').waitFor();
    expect(await page.locator('.codelens-decoration').first().locator('a').allInnerTexts()).toEqual(['Apply live', 'Branch here', 'Restart', 'beta 1 \u2192 4']);
    await window.picture('edit lenses');
    await lens(page, 'Apply live').click();
    await page.locator('.notification-toast', { hasText: 'beta is 4 from step' }).waitFor();
    await lens(page, 'Resume').waitFor();
    await panelFrame(page).locator('.hyperparameters', { hasText: 'beta4' }).waitFor();
    expect(await readFile(path.join((await newest()).dir, 'events.jsonl'), 'utf8')).toMatch(/"name":"beta","from":1,"to":4/);
  });

  it('that shape no weight are applied by the file, with the step built anew', async () => {
    const { page } = window;
    await typeOver('epochs: ', '3000');
    await lens(page, /^epochs [\d,]+ \u2192 3,?000$/).waitFor();
    expect(await page.locator('.codelens-decoration').first().locator('a').allInnerTexts()).toEqual(['Apply live', 'Branch here', 'Restart', expect.stringMatching(/^epochs/)]);
    await expect.poll(async () => (await newest()).manifest.gate, { timeout: 120_000 }).toBeDefined(); // no model is changed before
    await lens(page, 'Apply live').click();
    await page.locator('.notification-toast', { hasText: 'trains as its file says from step' }).waitFor();
    await lens(page, 'Resume').waitFor(); // what the run has and the file says is the same
    expect((await newest()).manifest).toMatchObject({ epochs: 3000, changes: [{ what: expect.arrayContaining(['training.epochs: 2000 -> 3000']) }], hyperparameters: { beta: 4 } });
  });

  it('are branched to from where the run is, which then rests', async () => {
    const { page } = window;
    const parent = (await newest()).manifest;
    await typeOver('learningRate: ', '5e-4');
    await lens(page, 'learningRate 0.001 \u2192 0.0005').waitFor();
    await lens(page, 'Branch here').click();
    await panelFrame(page).locator('.hyperparameters', { hasText: 'learningRate5e-4' }).waitFor();
    await pause();
    const all = await listRuns();
    const child = all[0]?.manifest;
    expect(child?.parent?.id).toBe(parent.id);
    expect(child?.parent?.step).toBeGreaterThanOrEqual(parent.lastStep);
    expect(child?.hyperparameters).toMatchObject({ beta: 4 });
    expect(all.find(({ manifest }) => manifest.id === parent.id)?.manifest.state.kind).toBe('stopped');
  });

  it('that shape the model need a new run, which a lens starts', async () => {
    const { page } = window;
    await typeOver('latentDim: ', '6');
    await lens(page, 'latentDim 10 \u2192 6').waitFor();
    expect(await page.locator('.codelens-decoration').first().locator('a').allInnerTexts()).toEqual(['Restart', 'Sample', 'Explore', 'latentDim 10 \u2192 6']);
    const before = (await newest()).manifest.id;
    await lens(page, 'Restart').click();
    await panelFrame(page).locator('.hyperparameters', { hasText: 'latent dimensions6' }).waitFor();
    await waitForPoints(page, 5);
    await pause();
    const { manifest } = await newest();
    expect(manifest.id).not.toBe(before);
    expect(manifest).toMatchObject({ latentDim: 6, hyperparameters: { beta: 4, learningRate: 5e-4 } });
    expect((await listRuns()).filter(({ live }) => live)).toHaveLength(1);
  });

  it('are all listed by the palette, the cold ones shown in the file', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: Set Hyperparameter');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.nth(5).waitFor();
    expect((await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual(expect.arrayContaining([
      expect.stringMatching(/^beta ?4 \u00b7 from 0 to 1,000 \u00b7 hot: applies at the next step$/), expect.stringMatching(/^latentDim ?6 .* cold: needs a new run$/), expect.stringMatching(/^epochs ?3,?000 .* warm: the step is built anew, weights stay$/)]));
    await rows.filter({ hasText: 'latentDim' }).click();
    await page.locator('.statusbar-item', { hasText: '(1 selected)' }).waitFor();
  });

  it('are set by the form in the panel and written into the file', async () => {
    const { page } = window;
    const row = panelFrame(page).getByTestId('tuning').getByRole('group', { name: 'beta', exact: true });
    await row.getByRole('textbox').fill('2.5');
    await row.getByRole('textbox').press('Enter');
    await row.getByText(/from step [\d,]+ on/).waitFor();
    await row.getByRole('button', { name: 'Write into File' }).click();
    await page.locator('.view-line', { hasText: 'elbo({ beta: 2.5 })' }).waitFor();
    await row.getByText('written into the model file').waitFor();
    await lens(page, 'Resume').waitFor(); // what the run has and the file says is the same
    await page.locator('.view-line', { hasText: 'elbo({ beta: 2.5 })' }).click();
    await page.keyboard.press('Control+Z');
    await row.getByText('the file has 4').waitFor();
    await row.getByRole('button', { name: 'Write into File' }).waitFor();
    await page.keyboard.press('Control+Y');
    await row.getByRole('button', { name: 'Write into File' }).waitFor({ state: 'detached' });
  });

  it('goes through what was recorded', async () => {
    const { page } = window;
    const panel = panelFrame(page);
    await lens(page, 'Resume').click();
    const slider = panel.getByRole('slider', { name: 'Time' });
    await slider.waitFor();
    await slider.focus();
    await page.keyboard.press('Home');
    await panel.getByText('held-out examples above, step 1 below').waitFor();
    await panel.getByTestId('moment-map').waitFor();
    await panel.getByTestId('kl-dimensions').waitFor();
    await panel.getByTestId('layers').waitFor();
    await window.picture('training panel');
  });
});
