import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { lens, openFile, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { writeLongRun } from '../longRun';
import { openWindow, type Window } from './window';

const STEPS = 100_000;
let window: Window;
beforeAll(async () => { window = await openWindow(); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

it('a run of a hundred thousand recorded steps is opened from its folder, and zoomed into', async () => {
  const { page, folder } = window;
  const name = '01-sprites.vae.ts';
  await writeLongRun(folder, path.join(folder, name), 'shapes', STEPS);
  await openFile(page, name);
  await lens(page, 'last run 80.0 nats').click();
  await waitForPoints(page, STEPS);
  const loss = panelFrame(page).getByRole('region', { name: 'Loss', exact: true });
  expect(await loss.locator('.heard').innerText()).toContain('at step 100,000');
  await panelFrame(page).getByRole('application', { name: 'Loss', exact: true }).focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('+');
  await panelFrame(page).getByRole('button', { name: 'Show all', disabled: false }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await loss.locator('.at', { hasText: /^step \d\d,\d\d\d$/ }).waitFor();
});
