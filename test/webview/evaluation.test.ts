import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/protocol/evaluation';
import { contrasts } from './contrasts';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import type { Theme } from './themes';

const hold = holder();
const open = async (options?: PanelOptions): Promise<Panel> => hold(await openPanel({ ...options, snapshot: { view: 'evaluation', ...options?.snapshot } }));

const { sample } = recorded.answers;
const protocol = { data: 'sprites', fingerprint: 'ab'.repeat(32), split: 'test', examples: 1000, binarization: 'none', measure: 'Bernoulli' };
const evaluation: Evaluation = {
  schemaVersion: 1, id: '20260101', run: 'r', model: 'shapes', step: 100, at: '2026-01-01T00:00:00.000Z', engine: 'wasm', device: 'CPU, TensorFlow.js wasm', seconds: 3, pairs: [],
  metrics: [
    { name: 'negativeElbo', value: 105.71, standardError: 0.12, parts: { reconstruction: 80.5, kl: 25.21 }, protocol: { ...protocol, draws: 1, seed: 1 } },
    { name: 'nll', value: 99.312, standardError: 0.11, protocol: { ...protocol, k: 100, seed: 1 } },
    { name: 'activeUnits', value: 4, protocol: { ...protocol, threshold: 0.01, units: 4 } },
  ],
};
const pairs = { samples: sample, nearest: sample };

describe('the evaluation', () => {
  it('is asked for, told of while it goes on, and shown with what each number depends on', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => { finish = resolve; });
    const { page, called, sendHost } = await open({ handlers: { evaluate: () => finished.then(() => ({ evaluation, pairs })) } });
    await page.getByText('Not evaluated yet.').waitFor();
    await page.getByRole('button', { name: 'Evaluate' }).click();
    expect(await called('evaluate')).toEqual({ k: 100, split: 'test', seed: 1 });
    await sendHost('evaluating', { what: 'Comparing samples with the data', fraction: 0.75 });
    await page.getByText('Comparing samples with the data').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Evaluation' }).evaluate((bar) => (bar as HTMLProgressElement).value)).toBe(0.75);
    finish();
    await page.getByTestId('pairs').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Evaluation' }).count()).toBe(0);
    const row = page.getByRole('row', { name: /^Negative log-likelihood/ });
    expect(await row.innerText()).toContain('99.31 \u00b1 0.11 nats');
    expect(await row.innerText()).toContain('data sprites, fingerprint abababababab, split test, examples 1000, binarization none, measure Bernoulli, K 100, seed 1');
    expect(await page.getByRole('row', { name: /^Negative ELBO/ }).innerText()).toContain('reconstruction 80.50, KL 25.21');
    expect(await page.getByRole('row', { name: /^Active units 4/ }).count()).toBe(1);
  });
  it('is cancelled, and says why there is no number', async () => {
    let fail: (reason: Error) => void = () => undefined;
    const { page, called } = await open({ handlers: { evaluate: () => new Promise((_, reject) => { fail = reject; }), cancelEvaluation: () => { fail(new Error('The evaluation was cancelled.')); return Promise.resolve({}); } } });
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await called('evaluate');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('The evaluation was cancelled.').waitFor();
    await page.getByRole('button', { name: 'Evaluate' }).waitFor();
  });
  it('shows the last one that the run keeps', async () => {
    const { page, aria } = await open({ handlers: { evaluations: () => Promise.resolve({ evaluations: [{ ...evaluation, metrics: [] }, evaluation], pairs }) } });
    await page.getByTestId('metrics').waitFor();
    await page.getByTestId('pairs').waitFor();
    expect((await aria()).replace(/caption: .*/, 'caption')).toContain('rowheader "Negative ELBO"');
  });
});

describe('the evaluation in each theme and at any width', () => {
  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    it.each([400, 1000])(`fits and can be read: ${theme}, %i px`, async (width) => {
      const { page } = await open({ theme, width, handlers: { evaluations: () => Promise.resolve({ evaluations: [evaluation], pairs }) } });
      await page.getByTestId('pairs').waitFor();
      await page.screenshot({ path: `out/panel-${theme}-${width}-evaluation.png`, fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(contrasts)).toEqual([]);
    });
  }
});

describe('uses', () => {
  it('are tried on held-out examples, and their numbers shown with what they depend on', async () => {
    const { protocol: full } = evaluation.metrics[0] ?? { protocol: {} };
    const { page, called } = await open({ handlers: {
      anomalies: () => Promise.resolve({ auc: { value: 0.8366, standardError: 0.0172, outliers: 219, others: 1781 }, highest: [], pictures: sample, protocol: full }),
      mend: ({ damage }) => (damage.kind === 'maskBox' ? Promise.reject(new Error('The training host is gone.')) : Promise.resolve({ originals: sample, damaged: sample, mended: sample, before: 0.0796, after: 0.03025, protocol: full })),
    } });
    const section = page.getByRole('region', { name: 'Uses' });
    await section.getByRole('button', { name: 'Try' }).click();
    expect(await called('anomalies')).toMatchObject({ examples: 1000, split: 'test', draws: 4, seed: 1 });
    await page.getByTestId('used').waitFor();
    expect(await page.getByTestId('use').innerText()).toBe('Area under the ROC curve: 0.837 \u00b1 0.017');
    expect(await section.innerText()).toContain('data sprites, fingerprint abababababab, split test');
    const choose = async (name: string): Promise<void> => {
      await section.getByRole('combobox', { name: 'what' }).click();
      await page.getByRole('option', { name }).click();
    };
    await choose('Denoise');
    await section.getByRole('button', { name: 'Try' }).click();
    expect(await called('mend')).toMatchObject({ damage: { kind: 'gaussianNoise', sigma: 0.3 }, shown: 8 });
    await page.getByText('Mean squared error: 0.0796 damaged, 0.0303 mended').waitFor();
    await choose('Complete');
    await section.getByRole('button', { name: 'Try' }).click();
    expect(await called('mend', 2)).toMatchObject({ damage: { kind: 'maskBox', height: 12, width: 12 } });
    await section.getByRole('alert').getByText('The training host is gone.').waitFor();
  });
});
