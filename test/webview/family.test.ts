import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeAll, openPanel, recorded, type Panel, type PanelOptions } from './harness';

let panel: Panel | undefined;
const open = async (options: PanelOptions, testId: string): Promise<Panel> => {
  panel = await openPanel(options);
  await panel.page.getByTestId(testId).waitFor();
  return panel;
};
afterEach(async () => {
  const closing = panel;
  panel = undefined;
  await closing?.close();
  expect(closing?.faults ?? []).toEqual([]);
});
afterAll(closeAll);

const { last } = recorded;
const { images } = last;
if (!images) throw new Error('The recorded run has no pictures.');
/** The recorded run, told as one of a VQ-VAE. */
const codes = {
  ...last, manifest: { ...last.manifest, prior: { kind: 'codebook', kl: 'none' as const, range: [-3, 3] as [number, number] } },
  metrics: last.metrics.map((point) => ({ ...point, parts: { reconstruction: point.loss - 1, commitment: 1, perplexity: 12 } })), moments: [1, 2, 4].map((step) => ({ step, seconds: step, klNats: [] })),
};
const seen = { originals: images.originals, reconstructions: images.reconstructions, samples: images.samples, latentDim: 4, means: Float32Array.from({ length: 256 }, (_, i) => Math.sin(i)) };

describe('models of the family, in the panel', () => {
  it('a VQ-VAE: parts that are no nats have units of their own, samples are not said to be of a prior, and nothing is said of KL divergences', async () => {
    const { page } = await open({ snapshot: { run: codes }, handlers: { moment: ({ step }) => Promise.resolve({ step, ...seen }) } }, 'moment-map');
    const heading = (name: string): Promise<string> => page.getByRole('region', { name, exact: true }).getByRole('heading').innerText();
    expect([await heading('Reconstruction'), await heading('Perplexity of the codes'), await heading('Distance from the codes')]).toEqual(['Reconstruction nats', 'Perplexity of the codes codes', 'Distance from the codes']);
    await page.getByRole('img', { name: '16 samples of codes drawn each by itself' }).waitFor();
    await page.getByRole('img', { name: '64 held-out examples by z0 and z1 at step 4' }).waitFor();
    expect(await page.getByTestId('kl-dimensions').count()).toBe(0);
  });

  it('a conditional VAE: samples stand in a row a class', async () => {
    const conditionClasses = ['square', 'ellipse', 'heart'];
    const { page, called } = await open({ snapshot: { view: 'samples', run: { ...last, manifest: { ...last.manifest, conditionClasses } } }, handlers: { sample: ({ count }) => Promise.resolve({ ...recorded.answers.sample, count, pixels: recorded.answers.sample.pixels.slice(0, recorded.answers.sample.pixels.length * count / 64) }) } }, 'drawn');
    expect(await called('sample')).toEqual({ count: 24, seed: 1, labels: Array.from({ length: 24 }, (_, i) => Math.floor(i / 8)) });
    await page.getByRole('img', { name: '24 samples, a row a class: square, ellipse, heart' }).waitFor();
  });

  it('codes that are points: the map offers no KL divergence as a colour', async () => {
    const { page } = await open({ snapshot: { view: 'latent', run: codes }, handlers: { describeData: () => Promise.resolve({ trainCount: 640, testCount: 200, classes: 3, factorNames: [], codeIs: 'point' }) } }, 'map-points');
    await page.getByRole('combobox', { name: 'colour' }).click();
    const options = await page.getByRole('option').allInnerTexts();
    expect(options).toContain('reconstruction loss');
    expect(options).not.toContain('KL divergence');
  });
});
