import { spawnSync } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lastFrame, openFile, palette, panelFrame } from '../../../scripts/vscode/hands.mjs';
import { listDeleted } from '../../../src/runs/deletedRuns';
import { listRuns } from '../../../src/runs/registry';
import { openWindow, type Window } from './window';

const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false);
let window: Window;
beforeAll(async () => {
  window = await openWindow();
  for (const beta of ['1', '4']) {
    const args = [path.resolve('bin/vae-lab.js'), 'train', path.join(window.folder, '01-sprites.vae.ts'), '--epochs', '1', '--set', `beta=${beta}`, '--json'];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, VAE_LAB_STATE: window.state } }).status).toBe(0);
  }
});
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });
const table = () => panelFrame(window.page).locator('table.runs tbody');

/** The tests follow one another, as a person's session does. */
describe('the table of runs in a real VS Code', () => {
  it('tells of runs that were made in a terminal, and compares them', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: Show Runs');
    await table().locator('tr').nth(1).waitFor();
    const texts = (await table().locator('tr').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts).toEqual([expect.stringMatching(/shapes completed beta 4 [\d.]+ [\d.]+ compiled/), expect.stringMatching(/shapes completed beta 1 [\d.]+ [\d.]+ compiled/)]);
    for (const box of await table().getByRole('checkbox').all()) await box.check();
    const compare = panelFrame(page).getByTestId('compare');
    await compare.getByRole('img', { name: 'Loss' }).waitFor();
    expect(await compare.getByRole('img', { name: /: \d+ samples$/ }).count()).toBe(2);
    expect(await compare.getByRole('note').count()).toBe(0); // the same data, and the same z
    await window.picture('runs-window');
  });

  it('diffs manifests and model files in the editor\'s own diff', async () => {
    const { page } = window;
    await panelFrame(page).getByRole('button', { name: 'Compare manifests' }).click();
    const diff = page.locator('.monaco-diff-editor');
    await diff.locator('.modified .view-line', { hasText: '"beta": 4' }).waitFor();
    expect(await diff.locator('.original .view-line', { hasText: '"beta": 1' }).count()).toBe(1); // the older one on the left
    await page.locator('.tab', { hasText: 'Runs' }).click();
    await panelFrame(page).getByRole('heading', { name: '2 selected' }).waitFor(); // as it was left
    await panelFrame(page).getByRole('button', { name: 'Select none' }).click();
  });

  it('pins, renames, deletes and undoes, on disk too', async () => {
    const { page } = window;
    const [newer, older] = await listRuns();
    if (!newer || !older) throw new Error('The runs are not listed.');
    const open = table().locator(`[data-id="${older.manifest.id}"]`).getByRole('button', { name: 'shapes', exact: true });
    await open.focus();
    await page.keyboard.press('F2');
    await panelFrame(page).getByRole('textbox', { name: 'New name of shapes' }).waitFor();
    await page.keyboard.insertText('the usual beta');
    await page.keyboard.press('Enter');
    await table().getByRole('button', { name: 'the usual beta', exact: true }).waitFor();
    await table().getByRole('button', { name: 'Pin the usual beta' }).click();
    await table().locator('tr').first().filter({ hasText: 'the usual beta' }).waitFor();
    expect(JSON.parse(await readFile(path.join(older.dir, 'notes.json'), 'utf8'))).toEqual({ schemaVersion: 1, label: 'the usual beta', pinned: true });
    await table().getByRole('button', { name: 'Delete the usual beta' }).click();
    await panelFrame(page).getByText('The run is deleted.').waitFor();
    expect([(await listRuns()).map(({ manifest }) => manifest.id), await isThere(older.dir)]).toEqual([[newer.manifest.id], false]);
    await panelFrame(page).getByRole('button', { name: 'Undo' }).click();
    await table().getByRole('button', { name: 'the usual beta', exact: true }).waitFor();
    expect([(await listRuns()).length, await isThere(path.join(older.dir, 'run.json'))]).toEqual([2, true]);
  });

  it('shows what is on the disk, and cleans up for good when that is agreed', async () => {
    const { page } = window;
    const [newer] = await listRuns();
    await table().locator(`[data-id="${newer?.manifest.id ?? ''}"]`).getByRole('button', { name: /^Delete/ }).click();
    await panelFrame(page).getByText('The run is deleted.').waitFor();
    await palette(page, 'VAE Lab: Show Disk Use');
    const disk = panelFrame(page).getByRole('region', { name: 'Disk' });
    await disk.getByRole('row', { name: /^Deleted runs 1 / }).waitFor();
    await disk.getByRole('button', { name: 'Delete for Good...' }).click();
    await page.locator('.monaco-dialog-box', { hasText: 'They cannot be restored then.' }).getByRole('button', { name: 'Delete for Good' }).click();
    await disk.getByRole('row', { name: /^Deleted runs 0 0 B/ }).waitFor();
    expect([await listDeleted(), await isThere(newer?.dir ?? '')]).toEqual([[], false]);
    expect(await readdir(path.join(path.dirname(newer?.dir ?? ''), '.deleted'))).toEqual([]);
  });

  it('opens a run, and exports it', async () => {
    const { page, folder } = window;
    await table().getByRole('button', { name: 'the usual beta', exact: true }).click();
    await lastFrame(page).getByTestId('state').filter({ hasText: 'completed' }).waitFor();
    await openFile(page, '01-sprites.vae.ts');
    await palette(page, 'VAE Lab: Export Run');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'safetensors' }).click();
    const input = page.locator('.quick-input-widget input[type=text]');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.quick-input-widget input[type=text]')?.value.endsWith('.safetensors'));
    await input.fill(path.join(folder, 'weights.safetensors'));
    await page.keyboard.press('Enter');
    await page.locator('.notification-toast', { hasText: 'Saved weights.safetensors.' }).waitFor();
    expect((await readFile(path.join(folder, 'weights.safetensors'))).subarray(8).toString('utf8')).toContain('"decoder/0/0-kernel"');
  });
});
