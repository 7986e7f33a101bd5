import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, paletteTo, panelFrame } from '../../../scripts/vscode/hands.mjs';
import { RunEvaluations } from '../../../src/runs/evaluations';
import { listRuns } from '../../../src/runs/registry';
import { openWindow, type Window } from './window';

const MODEL = `import { sprites, vae } from 'vae-lab';

export const small = vae({
  data: sprites({ trainCount: 640, testCount: 200 }), latentDim: 4,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 32, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 32, activation: 'relu' })], training: { epochs: 3, batchSize: 64 },
});
`;
/** Training, evaluating and starting a host take what the machine gives them. */
const slow = { timeout: 120_000 };
let window: Window;
beforeAll(async () => { window = await openWindow({ files: { 'small.vae.ts': MODEL } }); });
afterAll(() => window.close());
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

describe('the evaluation in a real VS Code', () => {
  it('of a finished run is computed by a host of its own, shown and kept; uses are tried', async () => {
    const { page } = window;
    await openFile(page, 'small.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await lens(page, /^last run [\d.]+ nats$/).waitFor(slow);
    const panel = panelFrame(page);
    await panel.getByRole('tab', { name: 'Evaluation' }).click();
    await panel.getByRole('button', { name: 'Evaluate' }).click(slow);
    const gap = panel.getByRole('row', { name: /^Mutual information gap/ });
    await gap.waitFor(slow);
    await panel.getByTestId('pairs').waitFor();
    const [run] = await listRuns();
    const { evaluations: [kept] } = await new RunEvaluations(run?.dir ?? '').read();
    expect(kept).toMatchObject({ step: 30, model: 'small', metrics: expect.arrayContaining([expect.objectContaining({ name: 'nll' })]) as unknown });
    expect(await gap.innerText()).toContain(String(kept?.metrics[0]?.protocol.fingerprint).slice(0, 12));
    const uses = panel.getByRole('region', { name: 'Uses' });
    await uses.getByRole('button', { name: 'Try' }).click();
    await panel.getByTestId('used').waitFor(slow);
  }, 400_000);
  it('and its uses are commands too, which open the panel and try one', async () => {
    const { page } = window;
    const panel = panelFrame(page);
    const choose = (name: string) => paletteTo(page, 'VAE Lab: Use Model For...', page.locator('.quick-input-list .monaco-list-row', { hasText: name }));
    await openFile(page, 'small.vae.ts');
    await choose('Compress');
    await page.keyboard.type('Compress');
    await page.keyboard.press('Enter');
    await panel.getByTestId('use').filter({ hasText: 'They come back bit by bit.' }).waitFor(slow);
    await page.locator('.tab', { hasText: 'small \u00b7 VAE Lab' }).click();
    await palette(page, 'View: Close Editor');
    await openFile(page, 'small.vae.ts');
    await choose('Denoise'); // of a panel that is not there yet
    await page.keyboard.type('Denoise');
    await page.keyboard.press('Enter');
    await panel.getByTestId('use').filter({ hasText: 'Mean squared error' }).waitFor(slow);
    await openFile(page, 'small.vae.ts');
    await palette(page, 'VAE Lab: Explore Latent Space');
    await panel.getByTestId('pad').waitFor(slow);
    await openFile(page, 'small.vae.ts');
    await palette(page, 'VAE Lab: Evaluate');
    await panel.getByRole('region', { name: 'Evaluation' }).waitFor(slow);
  }, 400_000);
});
