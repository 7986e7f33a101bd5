// What a window costs that shows a live run, each as rows of npm run bench:ui.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { palette, panelFrame, waitForPoints } from '../../scripts/vscode/hands.mjs';
import type { LiveRun } from './stepCost';
import { residenceOf, slope, startedHere, sumOf } from '../soak/residence';

/** Turns on or off what stands beside the code, by the folder's settings. */
export async function setBeside({ folder, page }: LiveRun, on: boolean): Promise<void> {
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(Object.fromEntries(['samples', 'objective', 'latent'].map((kind) => [`vaeLab.${kind}InCode`, on]))));
  await page.waitForFunction((shown) => [...document.querySelectorAll('.view-line span')].some((element) => getComputedStyle(element, '::after').content.startsWith('"reconstruction')) === shown, on);
}

interface Noting { noted?: [number, number][] }
/** From now on, pages of panels note when curves of how many points are in them, looked at each 5 ms by a clock of their own: what asks from outside waits for a page that is at work. */
export async function noteCurves(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted: [number, number][] = (globalThis as Noting).noted = [];
    const looking = setInterval(() => {
      const points = Number(document.querySelector('[data-testid=curves]')?.getAttribute('data-points') ?? 0);
      if (points > 0 && points !== noted.at(-1)?.[1]) noted.push([Date.now(), points]);
    }, 5);
    setTimeout(() => { clearInterval(looking); }, 10_000); // later rows are to see nothing of it
  });
}
/** Milliseconds from `began` (Date.now) to the first curves in the panel, and to those of all points. */
export async function curvesAfter(page: Page, began: number, points: number): Promise<{ readonly first: number; readonly all: number }> {
  await waitForPoints(page, points);
  const noted = await panelFrame(page).getByTestId('curves').evaluate(() => (globalThis as Noting).noted ?? []);
  return { first: (noted[0]?.[0] ?? NaN) - began, all: (noted.find(([, held]) => held >= points)?.[0] ?? Date.now()) - began };
}

/** A page that does nothing but be there, as `curvesAfter` looks for it. */
const EMPTY_PAGE = "document.body.innerHTML = '<p data-testid=\"curves\" data-points=\"1e9\">-</p>';";
/** The script of the panel's page, of the extension that the window has installed. */
async function panelScript(folder: string): Promise<string> {
  const extensions = path.join(path.dirname(folder), 'vscode', 'extensions');
  const name = (await readdir(extensions)).find((one) => one.startsWith('vae-lab.'));
  if (name === undefined) throw new Error(`VAE Lab is not in ${extensions}.`);
  return path.join(extensions, name, 'dist', 'webview.js');
}
/** Milliseconds from asking for a closed panel to the first curves, which go to its last step, to all of their points, and, in turns, to an empty page in the panel's place: what VS Code takes. */
export async function reopened({ page, folder }: LiveRun, times: number): Promise<{ readonly first: number[]; readonly all: number[]; readonly empty: number[] }> {
  const measured: { first: number[]; all: number[]; empty: number[] } = { first: [], all: [], empty: [] };
  const script = await panelScript(folder);
  const own = await readFile(script);
  const open = async (points: number) => {
    await closePanel(page);
    const began = Date.now();
    await page.locator('.statusbar-item', { hasText: /step [\d,]+ / }).click();
    return curvesAfter(page, began, points);
  };
  try {
    for (let time = 0; time < times; time++) {
      const points = Number(await panelFrame(page).getByTestId('curves').getAttribute('data-points'));
      await writeFile(script, EMPTY_PAGE);
      measured.empty.push((await open(1)).first);
      await writeFile(script, own);
      const { first, all } = await open(points);
      measured.first.push(first);
      measured.all.push(all);
    }
  } finally {
    await writeFile(script, own);
  }
  return measured;
}
export async function closePanel(page: Page): Promise<void> {
  await page.locator('.tab', { hasText: 'VAE Lab' }).click();
  await palette(page, 'View: Close All Editors in Group');
  await page.locator('.tab', { hasText: 'VAE Lab' }).waitFor({ state: 'detached' });
}

/** What the page of the window holds while a run trains and its panel is open, garbage collected, in MB, and by how much that grows in MB an hour. */
export async function memoryOf({ page }: LiveRun, minutes: number, samples: number): Promise<{ readonly mb: number; readonly perHour: number }> {
  const devtools = await page.context().newCDPSession(page);
  const held: [number, number][] = [];
  const began = performance.now();
  for (let sample = 0; sample <= samples; sample++) {
    await new Promise((resolve) => { setTimeout(resolve, began + sample / samples * minutes * 60_000 - performance.now()); });
    await devtools.send('HeapProfiler.collectGarbage');
    held.push([(performance.now() - began) / 3_600_000, sumOf(startedHere('--type=renderer').map(residenceOf)).mb]);
  }
  return { mb: held.at(-1)?.[1] ?? NaN, perHour: slope(held.slice(Math.floor(held.length / 3))) };
}
/** The panel of the model in the editor that is open. */
export async function openPanel(page: Page): Promise<void> {
  await page.keyboard.press('Control+1');
  await palette(page, 'VAE Lab: Open Panel');
  await waitForPoints(page, 1);
}
