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
  it('compress pictures and show what comes back; move examples from a class to another', async () => {
    const { protocol: full } = evaluation.metrics[0] ?? { protocol: {} };
    const bits = { raw: 6272, deflate: 1245.2, codes: 101.4, pixels: 1113.6, file: 1215 };
    const data = { name: 'sprites', fingerprint: 'ab'.repeat(32), trainCount: 640, validationCount: 0, testCount: 200, heldOut: 'test' as const, binarization: 'none' as const, corruption: [], classes: 3 };
    const { page, called } = await open({ snapshot: { run: { ...recorded.last, manifest: { ...recorded.last.manifest, data } } }, handlers: {
      compress: () => Promise.resolve({ file: Uint8Array.of(1, 2, 3), count: 1000, first: sample, protocol: full, lossless: true, squaredError: 0, bits }),
      decompress: () => Promise.resolve({ pictures: sample }),
      attribute: () => Promise.resolve({ columns: 2, direction: [1], pictures: sample, protocol: full }),
    } });
    const section = page.getByRole('region', { name: 'Uses' });
    const choose = async (label: string, name: string): Promise<void> => {
      await section.getByRole('combobox', { name: label }).click();
      await page.getByRole('option', { name, exact: true }).click();
    };
    await choose('what', 'Compress');
    await section.getByRole('button', { name: 'Try' }).click();
    expect([await called('compress'), [...(await called('decompress') as { file: Uint8Array }).file]]).toMatchObject([{ examples: 1000 }, [1, 2, 3]]);
    await page.getByText('1,000 pictures in 3 bytes: 1,215 bits or 842 nats each, 101 bits of them for the code; 6,272 bits as they are, 1,245 by deflate. They come back bit by bit.').waitFor();
    await choose('what', 'Move from class to class');
    await choose('from class', '2');
    await section.getByRole('button', { name: 'Try' }).click();
    expect(await called('attribute')).toMatchObject({ from: 2, to: 1 });
    await page.getByText('Examples of class 2, moved from left to right by 0 to 1.25 of the difference between the mean codes of the classes 1 and 2').waitFor();
  });
  it('are tried at once where a command asks for them, once each, when the panel opens and later', async () => {
    const { protocol: full } = evaluation.metrics[0] ?? { protocol: {} };
    const { page, calls, called, send } = await open({ snapshot: { use: 'denoise' }, handlers: {
      anomalies: () => Promise.resolve({ highest: [], pictures: sample, protocol: full }),
      mend: () => Promise.resolve({ originals: sample, damaged: sample, mended: sample, before: 0.0796, after: 0.03025, protocol: full }),
    } });
    await called('mend');
    await page.getByText('Mean squared error: 0.0796 damaged').waitFor();
    await page.getByRole('tab', { name: 'Training' }).click();
    await page.getByRole('tab', { name: 'Evaluation' }).click();
    await page.getByRole('region', { name: 'Uses' }).waitFor();
    await send('view', { view: 'evaluation', use: 'anomalies' });
    await called('anomalies');
    await page.getByText('The examples that the model explains worst, worst first').waitFor();
    expect(calls.filter(({ method }) => method === 'mend' || method === 'anomalies').map(({ method }) => method)).toEqual(['mend', 'anomalies']);
  });
});
