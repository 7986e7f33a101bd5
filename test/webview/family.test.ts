import { describe, expect, it } from 'vitest';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';

const hold = holder();
const open = async (options: PanelOptions, testId: string): Promise<Panel> => {
  const panel = hold(await openPanel(options));
  await panel.page.getByTestId(testId).waitFor();
  return panel;
};

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

  it('a VQ-VAE: the prior over its codes is learned when training ends, or when it is asked for, and says what it takes', async () => {
    const { prior } = codes.manifest;
    const learned = { step: 40, codes: 64, places: 49, steps: 1000, seed: 1, nats: 2 * Math.LN2, independentNats: 5.5 * Math.LN2, examples: 2048, seconds: 30 };
    const told = (changes: object, state: typeof codes.manifest.state = { kind: 'completed' }) => ({ ...codes.manifest, state, prior: { ...prior, learns: true, ...changes } });
    const { page, called, calls, sendHost } = await open({ snapshot: { view: 'samples', run: { ...codes, manifest: told({}, { kind: 'running' }) } }, handlers: { learnPrior: () => Promise.resolve({ learned }) } }, 'drawn');
    await page.getByText('A prior over the codes is learned when training ends. Until then codes are drawn each by itself.').waitFor();
    await sendHost('learning', { learning: { what: 'Learning the prior over the codes', fraction: 0.5, nats: 3 * Math.LN2, codes: 64 } });
    await page.getByText('3.00 of 6.00 bits a code').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Prior over the codes' }).evaluate((bar: HTMLProgressElement) => bar.value)).toBe(0.5);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await called('cancelPrior');
    await sendHost('learning', {});
    await sendHost('manifest', told({ outdated: 16 }));
    await page.getByText('The prior over the codes was learned after step 16, and the model has trained since: codes are drawn each by itself.').waitFor();
    await page.getByRole('img', { name: '64 samples of codes drawn each by itself' }).waitFor();
    await sendHost('manifest', told({ failed: 'The loss of the prior over the codes, or a gradient of it, was not finite in step 3. Lower prior.learningRate, and learn it again.' }));
    expect(await page.getByRole('alert').innerText()).toBe('The loss of the prior over the codes, or a gradient of it, was not finite in step 3. Lower prior.learningRate, and learn it again.');
    await page.getByRole('button', { name: 'Learn the prior' }).click();
    await called('learnPrior');
    const before = calls.filter(({ method }) => method === 'sample').length;
    await sendHost('manifest', told({ learned }));
    await page.getByText('The prior over the codes takes 2.00 bits a code on held-out examples; 5.50 where each code is coded by itself, 6.00 were all codes alike.').waitFor();
    await called('sample', before + 1); // others than before
    await page.getByRole('img', { name: '64 samples of codes drawn from the prior learned over them' }).waitFor();
    expect(await page.getByRole('button', { name: 'Learn the prior' }).count()).toBe(0);
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
