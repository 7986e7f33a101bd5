import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, panelFrame } from '../../../scripts/vscode/hands.mjs';
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
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.picture(task.name)); });

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
});
