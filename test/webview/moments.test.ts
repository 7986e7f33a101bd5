import { describe, expect, it } from 'vitest';
import type { Moment, MomentPictures } from '../../src/protocol/moments';
import type { MetricPoint } from '../../src/protocol/run';
import { contrasts } from './contrasts';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import { ready } from './latentHands';
import { themes, type Theme } from './themes';

const hold = holder();
const open = async (options?: PanelOptions): Promise<Panel> => {
  const panel = hold(await openPanel(options));
  await panel.page.getByTestId('samples').waitFor();
  return panel;
};

const { images } = recorded.last;
if (!images) throw new Error('The recorded run has no pictures.');
const STEPS = [1, 2, 4, 8, 16, 40, 70, 100];
const moments: Moment[] = STEPS.map((step) => ({ step, seconds: step / 50, klNats: [3 * step / 100, 0.001, 6 * Math.sqrt(step / 100), 1] }));
/** What was recorded looks the darker the earlier. */
const pictures = (step: number): MomentPictures => ({
  step, originals: images.originals, latentDim: 4, labels: Array.from({ length: 64 }, (_, i) => i % 3), means: Float32Array.from({ length: 256 }, (_, i) => Math.sin(i) * step / 50),
  reconstructions: { ...images.reconstructions, pixels: images.reconstructions.pixels.map((value) => value * step / 100) }, samples: { ...images.samples, pixels: images.samples.pixels.map((value) => value * step / 100) },
});
const layers = ['encoder/1', 'mean', 'logVariance', 'decoder/0', 'output'];
const metrics: MetricPoint[] = recorded.last.metrics.map((point) => (point.split === 'train' && (point.step === 1 || point.step % 10 === 0)
  ? { ...point, gradientNorm: 5, layers: Object.fromEntries(layers.map((layer, i) => [layer, { gradientNorm: 1e-4 * 10 ** i * (1 + point.step / 50), updateRatio: 1e-3 / (i + 1) }])) } : point));
const run = { ...recorded.last, manifest: { ...recorded.last.manifest, state: { kind: 'running' as const } }, metrics, moments, checkpoints: [60, 100] };
const handlers: PanelOptions['handlers'] = { moment: ({ step }) => Promise.resolve(pictures(step)) };
const slider = (of: Panel) => of.page.getByRole('slider', { name: 'Time' });
const canvasOf = (of: Panel, testId: string): Promise<string> => of.page.getByTestId(testId).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
const heat = (of: Panel, name: string) => of.page.getByRole('application', { name, exact: true });

describe('the time slider', () => {
  it('goes through pictures and latent map, and follows the newest at its end', async () => {
    const of = await open({ snapshot: { run }, handlers });
    await of.page.getByTestId('moment-map').waitFor();
    expect(await slider(of).getAttribute('aria-valuetext')).toBe('step 100, the newest');
    const newest = await canvasOf(of, 'samples');
    const map = await canvasOf(of, 'moment-map');
    await slider(of).focus();
    await of.page.keyboard.press('Home');
    await of.page.getByText('held-out examples above, step 1 below').waitFor();
    await of.page.getByRole('img', { name: '64 held-out examples by z2 and z0 at step 1' }).waitFor();
    expect(await canvasOf(of, 'samples')).not.toBe(newest);
    expect(await canvasOf(of, 'moment-map')).not.toBe(map);
    await of.page.keyboard.press('ArrowRight');
    await of.page.getByText('step 2 below').waitFor();
    await of.sendHost('moment', { step: 110, seconds: 3, klNats: [1, 1, 1, 1] });
    await of.page.getByText('step 2 below').waitFor(); // what is looked at stays
    await slider(of).and(of.page.locator('[max="8"]')).waitFor();
    await of.page.getByRole('button', { name: 'Newest' }).click();
    await of.page.locator('.time output', { hasText: 'step 110, the newest' }).waitFor();
    await of.sendHost('images', { ...images, step: 120 });
    await of.page.getByText('step 120 below').waitFor();
  });

  it('takes the map of the latent tab along, and says what stays of now', async () => {
    const of = hold(await openPanel({ snapshot: { run, view: 'latent' }, handlers }));
    await ready(of);
    await slider(of).focus();
    await of.page.keyboard.press('Home');
    await of.page.getByTestId('look-back').filter({ hasText: 'The map shows 64 held-out examples as they were at step 1.' }).waitFor();
    await of.page.screenshot({ path: 'out/look-back.png', fullPage: true });
    await of.page.getByRole('button', { name: 'Newest' }).click();
    await of.page.getByTestId('look-back').waitFor({ state: 'detached' });
    await of.page.getByText('step 100, the newest').waitFor();
  });

  it('asks for the last of what a quick hand passes over, and for nothing twice', async () => {
    const asked: number[] = [];
    let answer: () => void = () => undefined;
    const of = await open({ snapshot: { run }, handlers: { moment: ({ step }) => {
      asked.push(step);
      return step === 1 ? new Promise((resolve) => { answer = () => { resolve(pictures(step)); }; }) : Promise.resolve(pictures(step));
    } } });
    await of.page.getByTestId('moment-map').waitFor();
    for (const place of [0, 1, 2, 3]) await slider(of).fill(String(place));
    answer();
    await of.page.getByText('step 8 below').waitFor();
    await slider(of).fill('0');
    await of.page.getByText('step 1 below').waitFor();
    expect(asked).toEqual([100, 1, 8]);
  });

  it('stays at a step that is at hand when another comes that was asked for before', async () => {
    const answers = new Map<number, () => void>();
    const of = await open({ snapshot: { run }, handlers: { moment: ({ step }) => (step < 4 ? new Promise((resolve) => { answers.set(step, () => { resolve(pictures(step)); }); }) : Promise.resolve(pictures(step))) } });
    await slider(of).fill('2');
    await of.page.getByText('step 4 below').waitFor();
    const drawn = await canvasOf(of, 'samples');
    for (const place of [0, 1, 2]) await slider(of).fill(String(place));
    await of.page.getByText('step 4 below').waitFor();
    answers.get(1)?.();
    await of.called('moment', 4); // the next is asked for when step 1 is there
    await of.page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => { requestAnimationFrame(resolve); }); }));
    expect([await of.page.getByText('step 4 below').count(), await canvasOf(of, 'samples')]).toEqual([1, drawn]);
  });

  it('says so where what was recorded is gone, and goes on with the others', async () => {
    const of = await open({ snapshot: { run: { ...run, images: undefined } }, handlers: { moment: ({ step }) => (step === 16 ? Promise.reject(new Error('What was recorded at step 16 is missing or damaged.')) : Promise.resolve(pictures(step))) } });
    await slider(of).fill('4');
    await of.page.getByRole('alert').filter({ hasText: 'What was recorded at step 16 is missing or damaged.' }).waitFor();
    await slider(of).fill('2');
    await of.page.getByText('step 4 below').waitFor();
    expect(await of.page.getByRole('alert').count()).toBe(0);
  });

  it('is not there for a run that was not recorded', async () => {
    const of = await open({ snapshot: { run: { ...recorded.last, metrics: recorded.last.metrics.map(({ layers: _, ...point }) => point), moments: [] } } });
    expect(await slider(of).count()).toBe(0);
    expect(await of.page.getByTestId('kl-dimensions').count()).toBe(0);
    expect(await of.page.getByTestId('layers').count()).toBe(0);
  });

  it('forgets with the run what it showed of another', async () => {
    const of = await open({ snapshot: { run }, handlers });
    await slider(of).fill('2');
    await of.page.getByText('step 4 below').waitFor();
    await of.send('shown', { subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: 'another' }, run: { ...run, manifest: { ...run.manifest, id: 'another' }, moments: moments.slice(4) } });
    await of.page.locator('.time output', { hasText: 'the newest' }).waitFor();
  });
});

describe('heat maps', () => {
  it('show how much each latent dimension is used, the most used above, and lead to a step', async () => {
    const of = await open({ snapshot: { run }, handlers });
    const name = 'KL divergence by latent dimension';
    const region = of.page.getByRole('region', { name, exact: true });
    expect(await region.locator('.heat-last').innerText()).toBe('Step 100: 3 of 4 dimensions above 0.01 nats, 10.0 nats in all');
    await heat(of, name).focus();
    await of.page.keyboard.press('ArrowLeft');
    await region.locator('.heat-last', { hasText: 'z2 at step 100: 6.00' }).waitFor();
    await of.page.keyboard.press('ArrowLeft');
    await of.page.keyboard.press('ArrowDown');
    await region.locator('.heat-last', { hasText: 'z0 at step 70: 2.10' }).waitFor();
    await of.page.keyboard.press('Enter');
    await of.page.getByText('step 70 below').waitFor();
    await of.page.getByRole('button', { name: `${name}: full screen` }).click();
    await of.page.screenshot({ path: 'out/heat-full.png' });
    await of.page.keyboard.press('Escape');
    await of.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('show the gradient and the update of each layer, in words and numbers too', async () => {
    const of = await open({ snapshot: { run }, handlers });
    const region = of.page.getByRole('region', { name: 'Gradient norm by layer', exact: true });
    expect(await region.locator('.heat-last').innerText()).toBe('Step 100: 3 in output, 3e-4 in encoder/1; 10,000 to 1');
    await region.locator('canvas').hover({ position: { x: 120, y: 5 } });
    await region.locator('.heat-last', { hasText: /^encoder\/1 at step \d+: [\d.e-]+$/ }).waitFor();
    await region.locator('summary').click();
    await region.getByRole('button', { name: 'Save as CSV...' }).click();
    const { content } = await of.called('saveFile') as { content: Uint8Array };
    expect(Buffer.from(content).toString('utf8').split('\r\n').slice(0, 1)).toEqual(['step,seconds,encoder/1,mean,logVariance,decoder/0,output']);
    await of.sendHost('metrics', { points: [{ step: 150, epoch: 15, split: 'train', seconds: 9, loss: 1, parts: {}, layers: { output: { gradientNorm: 0, updateRatio: 0 } } }] });
    await of.page.locator('[data-points="101"]').waitFor();
    await of.page.mouse.move(0, 0);
    await region.locator('.heat-last', { hasText: 'Step 150: 0 in output, 0 in output' }).waitFor();
  });

  it('follow the range that the curves are zoomed to, and the theme', async () => {
    const of = await open({ snapshot: { run }, handlers });
    const canvas = heat(of, 'Gradient norm by layer').locator('canvas');
    const drawn = (): Promise<string> => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const changed = (before: string): Promise<unknown> => of.page.waitForFunction((old) => document.querySelector<HTMLCanvasElement>('[role=application][aria-label="Gradient norm by layer"] canvas')?.toDataURL() !== old, before);
    const whole = await drawn();
    await of.page.getByRole('application', { name: 'Loss', exact: true }).focus();
    await of.page.keyboard.press('+');
    await changed(whole);
    const zoomed = await drawn();
    await of.page.evaluate(({ className, variables }) => {
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
      document.body.className = className;
    }, themes.light);
    await changed(zoomed);
  });

  it('mark checkpoints on the curves', async () => {
    const of = await open({ snapshot: { run }, handlers });
    await of.page.getByRole('region', { name: 'Loss', exact: true }).getByRole('img', { name: 'step 60: checkpoint' }).focus();
    await of.sendHost('checkpoints', { steps: [100, 90] });
    await of.page.getByRole('region', { name: 'Loss', exact: true }).getByRole('img', { name: 'step 90: checkpoint' }).waitFor();
  });
});

describe('what was recorded, in each theme and at any width', () => {
  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    for (const width of [400, 1000]) {
      it(`fits and can be read: ${theme}, ${width} px`, async () => {
        const of = await open({ theme, width, snapshot: { run }, handlers });
        await slider(of).fill('5');
        await of.page.getByText('step 40 below').waitFor();
        await of.page.screenshot({ path: `out/moments-${theme}-${width}.png`, fullPage: true });
        expect(await of.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await of.page.evaluate(contrasts)).toEqual([]);
      });
    }
  }
});
