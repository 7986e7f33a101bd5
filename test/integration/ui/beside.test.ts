import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { listRuns } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { longSample, openWindow, type Window } from './window';

const name = '01-sprites.vae.ts';
let window: Window;
beforeAll(async () => { window = await openWindow({ settings: { 'editor.minimap.enabled': false }, files: longSample() }); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

/** What the ends of lines show: the text, or the picture's address, of each decoration that has one. */
const endsOfLines = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('.view-line span')].flatMap((element) => ['::before', '::after'].map((pseudo) => getComputedStyle(element, pseudo).content).filter((content) => content !== 'none' && content !== 'normal')));
/** Resolves when one of them fits, to it. */
async function untilAtEnd(page: Page, pattern: RegExp): Promise<string> {
  const found = await page.waitForFunction(([source]) => {
    const ends = [...document.querySelectorAll('.view-line span')].flatMap((element) => ['::before', '::after'].map((pseudo) => getComputedStyle(element, pseudo).content));
    return ends.find((content) => new RegExp(source ?? '').test(content));
  }, [pattern.source], { timeout: 60_000 });
  return String(await found.jsonValue());
}
const tops = (page: Page): Promise<string[]> => page.locator('.view-line').evaluateAll((lines) => lines.map((line) => (line as HTMLElement).style.top).sort());
const isPicture = (content: string): boolean => content.startsWith('url("data:image/png');
const hover = (page: Page) => page.locator('.monaco-hover.fade-in, .monaco-hover:not(.hidden)').filter({ visible: true }).first();

async function showHoverAt(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+1');
  await page.locator('.view-line').getByText(words, { exact: true }).first().click();
  await palette(page, 'Show or Focus Hover');
}

describe('beside the code, in a real VS Code', () => {
  it('shows samples, losses and the latent space at the ends of their lines while a model trains, and moves no line', async () => {
    const { page } = window;
    await openFile(page, name);
    await lens(page, 'no runs yet').waitFor();
    const before = await tops(page);
    expect(await endsOfLines(page)).toEqual([]);
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 5);
    await untilAtEnd(page, /^"reconstruction [\d.]+ \+ KL [\d.]+ = [\d.]+ nats"$/);
    await untilAtEnd(page, /^"active \d+\/10 . KL [\d.]+ nats"$/);
    const ends = await endsOfLines(page);
    expect(ends.filter(isPicture).length).toBe(1); // samples
    expect(ends.filter((content) => /^"[\u2581-\u2588]{10}"$/.test(content)).length).toBe(1); // a bar a dimension
    expect(ends.length).toBe(4);
    const first = ends.find(isPicture);
    await page.waitForFunction((old) => ![...document.querySelectorAll('.view-line span')].some((element) => getComputedStyle(element, '::after').content === old), first, { timeout: 60_000 }); // they are live
    expect(await tops(page)).toEqual(before);
    await window.picture('beside-code-dark');
  });

  it('shows them larger, and in words, under the pointer and by keyboard', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: Pause Training');
    await lens(page, 'Resume').waitFor();
    await showHoverAt(page, 'objective');
    await hover(page).getByText('In the loss').waitFor();
    expect((await hover(page).innerText()).replace(/\s+/g, ' ')).toMatch(/Step [\d,]+, held-out, nats per example Part Value Weight In the loss reconstruction [\d.]+ 1 [\d.]+ KL [\d.]+ 1 \(beta\) [\d.]+ Loss [\d.]+/);
    await showHoverAt(page, 'latentDim');
    await hover(page).getByText(/active \d+\/10/).waitFor();
    expect(await hover(page).locator('img').count()).toBe(8);
    expect(await hover(page).locator('img').first().evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    await window.picture('beside-latent-hover');
    await showHoverAt(page, 'shapes');
    await hover(page).getByRole('link', { name: 'Sample again' }).waitFor();
    const pictures = hover(page).locator('img');
    expect(await pictures.evaluateAll((images) => images.map((image) => [(image as HTMLImageElement).naturalWidth > 0, image.getAttribute('alt')]))).toEqual([[true, '64 samples from the prior'], [true, '4 held-out examples above their reconstructions']]);
    await window.picture('beside-samples-hover');
  });

  it('shows them where the pointer rests on the strip', async () => {
    const { page } = window;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+End');
    const strip = await page.evaluate(() => {
      const element = [...document.querySelectorAll('.view-line span')].find((one) => getComputedStyle(one, '::after').content.startsWith('url('));
      const { left = 0, top = 0, height = 0 } = element?.getBoundingClientRect() ?? {};
      return { x: left, y: top + height / 2 };
    });
    await page.mouse.move(strip.x + 60, strip.y - 40);
    await page.mouse.move(strip.x + 60, strip.y, { steps: 4 });
    await hover(page).getByRole('link', { name: 'Sample again' }).waitFor();
  });

  it('draws others, and makes them the ones of every time, in the panel and the run too', async () => {
    const { page } = window;
    const [before] = (await endsOfLines(page)).filter(isPicture);
    await hover(page).getByRole('link', { name: 'Sample again' }).click();
    await page.waitForFunction((old) => ![...document.querySelectorAll('.view-line span')].some((element) => getComputedStyle(element, '::after').content === old), before);
    const panel = panelFrame(page).getByTestId('samples');
    const picture = await panel.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await palette(page, 'VAE Lab: Use as Fixed z');
    await panel.evaluate((canvas, old) => new Promise<void>((resolve) => {
      const look = (): void => { if ((canvas as HTMLCanvasElement).toDataURL() === old) requestAnimationFrame(look); else resolve(); };
      look();
    }), picture);
    const [run] = await listRuns();
    expect((await new RunDirectory(run?.dir ?? '').readManifest()).samplesSeed).toBeGreaterThan(1);
  });

  it('are turned off by settings', async () => {
    const { page, folder } = window;
    await mkdir(path.join(folder, '.vscode'));
    const settings = (values: object): Promise<void> => writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(values));
    await settings({ 'vaeLab.samplesInCode': false, 'vaeLab.objectiveInCode': false });
    await page.waitForFunction(() => ![...document.querySelectorAll('.view-line span')].some((element) => getComputedStyle(element, '::after').content.startsWith('"reconstruction')));
    const left = await endsOfLines(page);
    expect([left.length, left.filter(isPicture).length]).toEqual([2, 0]); // of the latent space
    await settings({ 'workbench.colorTheme': 'Default Light Modern' });
    await untilAtEnd(page, /^"reconstruction/);
    await page.locator('.monaco-workbench.vs').waitFor();
    await window.picture('beside-code-light');
  });

  it('go when the run has ended and nothing shows it any more', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: Stop Training');
    await lens(page, /^last run/).waitFor();
    await untilAtEnd(page, /^"reconstruction/); // its panel is open
    await page.locator('.tab', { hasText: 'VAE Lab' }).first().click();
    await palette(page, 'View: Close Editor');
    await page.locator('.tab', { hasText: 'VAE Lab' }).waitFor({ state: 'detached' });
    await page.waitForFunction(() => ![...document.querySelectorAll('.view-line span')].some((element) => /^"|^url/.test(getComputedStyle(element, '::after').content)));
    expect(await endsOfLines(page)).toEqual([]);
  });

  it('previews the samples of the last run of the model under the cursor, in a small view', async () => {
    const { page } = window;
    await openFile(page, name);
    await palette(page, 'VAE Lab: Preview Samples');
    const preview = panelFrame(page);
    const samples = preview.getByTestId('preview-samples');
    await samples.waitFor();
    expect(await preview.getByRole('heading', { level: 1 }).innerText()).toBe('shapes');
    expect(await preview.getByRole('status').innerText()).toMatch(/^last run [\d.]+ nats$/);
    await untilAtEnd(page, /^"reconstruction/); // a run that is shown is shown in the code
    const picture = (): Promise<string> => samples.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const other = (old: string) => samples.evaluate((canvas, before) => new Promise<void>((resolve) => {
      const look = (): void => { if ((canvas as HTMLCanvasElement).toDataURL() === before) requestAnimationFrame(look); else resolve(); };
      look();
    }), old);
    const first = await picture();
    await preview.getByRole('button', { name: 'Sample again' }).click();
    await other(first);
    const second = await picture();
    await openFile(page, name);
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('// more\n');
    await page.keyboard.press('Control+S');
    await preview.getByText('The file has changed since this run was started.').waitFor();
    await other(second);
    await window.picture('beside-preview');
    await openFile(page, 'digits.vae.ts');
    await preview.getByText('There are no samples yet').waitFor();
    expect(await preview.getByRole('heading', { level: 1 }).innerText()).toBe('digits');
  });
});
