import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { previewRequests, type Preview } from '../../src/protocol/previewApi';
import { serve } from '../../src/protocol/rpc';
import { contrasts } from './contrasts';
import { closeAll, openPage, recorded, type PanelOptions } from './harness';
import { changed } from './latentHands';
import type { Theme } from './themes';

let close: (() => Promise<void>) | undefined;
let faults: string[] = [];
afterEach(async () => {
  await close?.();
  close = undefined;
  expect(faults).toEqual([]);
});
afterAll(closeAll);

const strip = recorded.last.images?.samples;
const samples = strip && { strip, are: `${strip.count} samples from the prior` };
const live: Preview = { model: { file: '/models/shapes.vae.ts', name: 'shapes' }, state: 'step 1,204 \u00b7 131.2 nats', seed: 1, isFixed: true, isChanged: false, ...(samples ? { samples } : {}) };

async function open(preview: Preview, options: Pick<PanelOptions, 'theme' | 'width'> = {}, fail?: string) {
  const { shown: page, connection, start, faults: broken } = await openPage('preview', { width: 400, ...options });
  faults = broken;
  const commands: string[] = [];
  serve(connection, previewRequests, {
    previewSnapshot: () => Promise.resolve({ preview, texts: {}, locale: 'en' }),
    previewCommand: ({ name }) => { commands.push(name); return fail === undefined ? Promise.resolve({}) : Promise.reject(new Error(fail)); },
  });
  await start();
  close = async () => { connection.dispose(); await page.close(); };
  return { page, commands, tell: (next: Preview) => connection.sendNotification('preview', next) };
}

describe('the preview', () => {
  it('shows the samples of a model, and others when it is told of them', async () => {
    const { page, tell, commands } = await open(live);
    const picture = page.getByTestId('preview-samples');
    await picture.waitFor();
    expect(await page.locator('body').ariaSnapshot()).toMatchSnapshot();
    expect(await page.getByRole('button', { name: 'Use as fixed z' }).isDisabled()).toBe(true);
    const before = await picture.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await page.getByRole('button', { name: 'Sample again' }).click();
    if (samples) await tell({ ...live, seed: 77, isFixed: false, isChanged: true, samples: { ...samples, strip: { ...samples.strip, pixels: samples.strip.pixels.map((pixel) => 255 - pixel) } } });
    await changed({ page } as Parameters<typeof changed>[0], 'preview-samples', before);
    await page.getByText('draws of seed 77').waitFor();
    await page.getByText('The file has changed since this run was started.').waitFor();
    await page.getByRole('button', { name: 'Use as fixed z' }).press('Enter');
    await page.getByRole('button', { name: 'Open panel' }).click();
    expect(commands).toEqual(['sampleAgain', 'fixSamples', 'openPanel']);
  });

  it('says what to do where there is no model, no run, or something failed', async () => {
    const { page, tell } = await open({ state: '', seed: 1, isFixed: true, isChanged: false }, {}, 'The training host is gone.');
    await page.getByText('Put the cursor into a model').waitFor();
    const { samples: _, ...without } = live;
    await tell(without);
    await page.getByText('There are no samples yet').waitFor();
    await page.getByRole('button', { name: 'Train VAE' }).click();
    await page.getByRole('alert').filter({ hasText: 'The training host is gone.' }).waitFor();
  });

  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    it(`fits and can be read: ${theme}`, async () => {
      const { page } = await open({ ...live, isChanged: true, error: 'This run has no checkpoint to show.' }, { theme, width: 300 });
      await page.getByTestId('preview-samples').waitFor();
      await page.screenshot({ path: `out/preview-${theme}.png`, fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
      expect(await page.evaluate(contrasts)).toEqual([]);
    });
  }
});
