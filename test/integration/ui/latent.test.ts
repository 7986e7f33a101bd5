import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame } from '../../../scripts/vscode/hands.mjs';
import { listRuns } from '../../../src/runs/registry';
import { openWindow, type Window } from './window';

const MODEL = `import { sprites, vae } from 'vae-lab';

export const small = vae({
  data: sprites({ trainCount: 640, testCount: 200 }), latentDim: 4,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 32, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 32, activation: 'relu' })], training: { epochs: 3, batchSize: 64 },
});
`;
let window: Window;
beforeAll(async () => { window = await openWindow({ files: { 'small.vae.ts': MODEL } }); });
afterAll(() => window.close());
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

/** The tests follow one another, as a person's session does. */
describe('the latent space in a real VS Code', () => {
  it('is a map of the data of a finished run', async () => {
    const { page } = window;
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    await lens(page, 'Explore').click();
    const panel = panelFrame(page);
    await panel.getByTestId('map-summary').filter({ hasText: /^200 held-out examples at step 30\./ }).waitFor();
    await panel.getByTestId('here-original').waitFor();
    await panel.getByRole('combobox', { name: 'colour' }).click();
    await panel.getByRole('option', { name: 'rotation' }).click();
    await panel.locator('.legend.ramp').waitFor();
  });

  it('what is found becomes code at the cursor, which the terminal draws; and an item of the run', async () => {
    const { page, folder } = window;
    const panel = panelFrame(page);
    await panel.getByRole('tab', { name: 'Path' }).click();
    await panel.getByRole('button', { name: 'Between Two Examples' }).click();
    await panel.getByTestId('interpolation').waitFor();
    await panel.getByRole('button', { name: 'Save to Run' }).last().click();
    await panel.getByText('Saved as "path 1".').waitFor();
    const [run] = await listRuns();
    expect(JSON.parse(await readFile(path.join(run?.dir ?? '', 'items.json'), 'utf8'))).toMatchObject({ items: [{ name: 'path 1', item: { kind: 'path', steps: 11 } }] });
    await panel.getByRole('button', { name: 'Insert as Code' }).last().click();
    await page.locator('.view-line', { hasText: 'export const path1 = latentPath({' }).waitFor();
    await page.keyboard.type('between'); // its name is selected, wherever it stands
    await page.keyboard.press('Escape');
    await page.locator('.view-line', { hasText: 'export const between = latentPath({' }).waitFor();
    await page.keyboard.press('Control+S');
    const file = path.join(folder, 'small.vae.ts');
    await expect.poll(() => readFile(file, 'utf8')).toContain('between');
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^import \{ sprites, vae, latentPath \} from 'vae-lab';\n/);
    expect(text).toContain(`vae-lab draw ${run?.manifest.id ?? ''} between --from small.vae.ts --out between.png`);
    const cli = spawnSync(process.execPath, [path.resolve('bin/vae-lab.js'), 'draw', run?.manifest.id ?? '', 'between', '--from', file, '--out', path.join(folder, 'between.png')], { encoding: 'utf8', env: process.env });
    expect([cli.status, cli.stderr]).toEqual([0, '']);
    expect((await readFile(path.join(folder, 'between.png'))).readUInt32BE(16)).toBe(11 * 32);
  });

  it('is as it was when the panel is closed and opened again', async () => {
    const { page } = window;
    await palette(page, 'View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Explore').click();
    const panel = panelFrame(page);
    await panel.getByTestId('interpolation').waitFor();
    expect(await panel.locator('.stops li').allInnerTexts()).toEqual([expect.stringContaining('held-out example 1'), expect.stringContaining('held-out example 2')]);
    expect(await panel.getByRole('combobox', { name: 'colour' }).evaluate((list) => (list as HTMLSelectElement).value)).toBe('factor 2');
  });
});
