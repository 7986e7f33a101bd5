import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { findHost, listRuns } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { longSample, openWindow, type Window } from './window';

const name = '01-sprites.vae.ts';
let window: Window;
beforeAll(async () => { window = await openWindow({ files: longSample() }); });
afterAll(async () => {
  await window.close();
});

beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

/** The tests follow one another, as a person's session does. */
describe('a session in a real VS Code', () => {
  it('trains at a click on the lens: points, status bar, lenses', async () => {
    const { page } = window;
    await openFile(page, name);
    await lens(page, 'no runs yet').waitFor();
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 10);
    await lens(page, 'Pause').waitFor();
    await lens(page, /^step [\d,]+ . [\d.]+ nats$/).waitFor();
    await page.locator('.statusbar-item', { hasText: /shapes step [\d,]+ . [\d.]+ nats . [\d.]+ steps\/s/ }).waitFor();
    expect(await panelFrame(page).locator('.device').innerText()).toMatch(/^CPU, /);
    expect(await panelFrame(page).locator('header .progress').innerText()).toMatch(/step [\d,]+ of 92,000 . epoch \d+ of 2000 . [\d.]+ steps\/s . .+ left/);
  });

  it('pauses and resumes from lens and palette', async () => {
    const { page } = window;
    await lens(page, 'Pause').click();
    await lens(page, 'Resume').waitFor();
    await panelFrame(page).getByTestId('state').filter({ hasText: 'paused' }).waitFor();
    await palette(page, 'VAE Lab: Resume Training');
    await panelFrame(page).getByTestId('state').filter({ hasText: 'training' }).waitFor();
    await palette(page, 'VAE Lab: Pause Training');
    await panelFrame(page).getByTestId('state').filter({ hasText: 'paused' }).waitFor();
  });

  it('sets a hyperparameter from the palette, while paused, and writes it into the file', async () => {
    const { page, folder } = window;
    await palette(page, 'VAE Lab: Set Hyperparameter');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'beta' }).click();
    const input = page.locator('.quick-input-widget input[type=text]');
    await page.locator('.quick-input-message', { hasText: 'beta' }).waitFor();
    await input.fill('-3');
    await page.locator('.quick-input-message', { hasText: 'beta must be a number of at least 0' }).waitFor();
    await input.fill('2.5');
    await page.keyboard.press('Enter');
    await page.locator('.notification-toast', { hasText: 'beta is 2.5 from step' }).getByRole('button', { name: `Write into ${name}` }).click();
    await page.locator('.view-line', { hasText: 'elbo({ beta: 2.5 })' }).waitFor();
    await panelFrame(page).locator('.hyperparameters', { hasText: 'beta2.5' }).waitFor();
    const [run] = await listRuns();
    expect(await readFile(path.join(run?.dir ?? '', 'events.jsonl'), 'utf8')).toMatch(/"name":"beta","from":1,"to":2.5/);
    expect(await readFile(path.join(folder, name), 'utf8')).toContain('beta: 1'); // an edit like any other: saved by whoever saves
  });

  it('decodes what the pad points at while it is dragged, and at the arrow keys', async () => {
    const { page } = window;
    const panel = panelFrame(page);
    await lens(page, 'Explore').click();
    const picture = panel.getByTestId('pad-image');
    await picture.waitFor();
    await panel.getByTestId('map-points').waitFor();
    const pixels = (): Promise<string> => picture.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const changed = async (from: string): Promise<string> => {
      await picture.evaluate((canvas, before) => new Promise<void>((resolve) => {
        const look = (): void => { if ((canvas as HTMLCanvasElement).toDataURL() === before) requestAnimationFrame(look); else resolve(); };
        look();
      }), from);
      return pixels();
    };
    const first = await pixels();
    await panel.getByTestId('pad').scrollIntoViewIfNeeded();
    const box = await panel.getByTestId('pad').boundingBox();
    if (!box) throw new Error('The pad has no place.');
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.1, { steps: 10 });
    const second = await changed(first);
    await page.mouse.up();
    expect(await panel.locator('.pad h2 .unit').innerText()).toBe('z0 = 2.40, z1 = 2.40');
    await panel.getByTestId('pad').press('Home');
    await changed(second);
    expect(await panel.locator('.pad h2 .unit').innerText()).toBe('z0 = 0.00, z1 = 0.00');
  });

  it('draws samples from the live run', async () => {
    const { page } = window;
    const panel = panelFrame(page);
    await lens(page, 'Sample').first().click();
    await panel.getByTestId('drawn').waitFor();
    const before = await panel.getByTestId('drawn').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await panel.getByRole('button', { name: 'Draw again' }).click();
    await panel.getByTestId('drawn').evaluate((canvas, old) => new Promise<void>((resolve) => {
      const look = (): void => { if ((canvas as HTMLCanvasElement).toDataURL() === old) requestAnimationFrame(look); else resolve(); };
      look();
    }), before);
  });

  it('goes on when the panel is closed while it waits for an answer, and opens it again', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: Resume Training');
    const panel = panelFrame(page);
    await panel.getByTestId('state').filter({ hasText: 'training' }).waitFor();
    await panel.getByRole('button', { name: 'Draw again' }).click();
    await palette(page, 'View: Close All Editors in Group'); // the panel's
    await page.locator('.tab', { hasText: 'VAE Lab' }).waitFor({ state: 'detached' });
    await lens(page, 'Pause').waitFor();
    await page.locator('.statusbar-item', { hasText: /shapes step/ }).click();
    await waitForPoints(page, 10);
    await palette(page, 'VAE Lab: Pause Training');
    await panel.getByTestId('state').filter({ hasText: 'paused' }).waitFor();
  });

  it('finds the run again when the window is reloaded', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: Resume Training');
    await panelFrame(page).getByTestId('state').filter({ hasText: 'training' }).waitFor();
    const before = (await listRuns())[0];
    await window.reload();
    await lens(page, 'Pause').waitFor({ timeout: 60_000 }); // VS Code asks for lenses as slowly as its extension host began
    await panelFrame(page).getByRole('tab', { name: 'Training' }).click();
    await waitForPoints(page, (before?.manifest.lastStep ?? 0) + 5);
    expect(await panelFrame(page).locator('header h1').innerText()).toBe('shapes');
    expect((await listRuns()).filter(({ live }) => live).map(({ manifest }) => manifest.id)).toEqual([before?.manifest.id]);
  });

  it('goes on where its host was killed, at a click on Resume', async () => {
    const { page } = window;
    const [run] = await listRuns();
    const id = run?.manifest.id ?? '';
    for (const click of [() => panelFrame(page).getByRole('alert').getByRole('button', { name: 'Resume' }).click(), () => lens(page, 'Resume').click()]) {
      const host = await findHost(id);
      if (!host) throw new Error('No host is live.');
      process.kill(host.pid, 'SIGKILL');
      await lens(page, /^interrupted at step/).waitFor();
      await panelFrame(page).getByTestId('state').filter({ hasText: 'interrupted' }).waitFor();
      await click();
      await lens(page, 'Pause').waitFor();
      await panelFrame(page).getByTestId('state').filter({ hasText: 'training' }).waitFor();
      await panelFrame(page).getByRole('alert').waitFor({ state: 'detached' });
      await waitForPoints(page, 10);
    }
    const steps = (await new RunDirectory(run?.dir ?? '').readMetrics()).filter(({ split }) => split === 'train').map((point) => point.step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    expect((await listRuns()).map(({ manifest, live }) => [manifest.id, live])).toEqual([[id, true]]);
  });

  it('shows what happened when the host is killed, and trains again', async () => {
    const { page } = window;
    const [run] = await listRuns();
    const host = await findHost(run?.manifest.id ?? '');
    if (!host) throw new Error('No host is live.');
    process.kill(host.pid, 'SIGKILL');
    const panel = panelFrame(page);
    await panel.getByRole('alert').filter({ hasText: 'The training host ended unexpectedly' }).waitFor();
    await panel.getByTestId('state').filter({ hasText: 'interrupted' }).waitFor();
    await page.locator('.notification-toast', { hasText: 'the training host ended unexpectedly' }).waitFor();
    await lens(page, /^interrupted at step/).waitFor();
    await panel.getByRole('alert').getByRole('button', { name: 'Train again' }).click();
    await lens(page, 'Pause').waitFor();
    await waitForPoints(page, 3);
    await palette(page, 'VAE Lab: Stop Training');
    await panel.getByTestId('state').filter({ hasText: 'stopped' }).waitFor();
    await lens(page, /^last run [\d.]+ nats$/).waitFor();
    await lens(page, 'Train VAE').waitFor();
  });

  it('lists runs and shows a finished one from its directory', async () => {
    const { page } = window;
    await page.keyboard.press('Control+2'); // the panel's group: the table takes its place
    await palette(page, 'VAE Lab: Show Runs');
    const rows = panelFrame(page).locator('table.runs tbody tr');
    await rows.nth(1).waitFor();
    expect(await rows.count()).toBe(2);
    await rows.filter({ hasText: 'interrupted' }).getByRole('button', { name: 'shapes', exact: true }).click();
    await panelFrame(page).getByTestId('state').filter({ hasText: 'interrupted' }).waitFor();
  });
});
