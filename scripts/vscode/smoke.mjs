// The way of a first-time user without the user: open the sprites sample, click Train VAE, see ten points.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { lens, openFile, openWorkbench, panelFrame, waitForPoints } from './hands.mjs';
import { startServer } from './server.mjs';

/** Writes a screenshot to `picture`, whether it goes well or not. @throws when it does not. */
export async function smokeTest(folder, picture) {
  mkdirSync(path.dirname(picture), { recursive: true });
  const state = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-state-'));
  const server = await startServer({ env: { VAE_LAB_STATE: state, VAE_LAB_IDLE_MS: '1000' } });
  const browser = await launchBrowser();
  const say = (text) => { console.log(`smoke: ${text}`); };
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    try {
      await openWorkbench(page, server.address(folder));
      say('VS Code is open');
      await openFile(page, '01-sprites.vae.ts');
      await lens(page, 'Train VAE').first().click({ timeout: 60_000 });
      say('clicked Train VAE');
      await waitForPoints(page, 10);
      say('ten points are on the curves');
    } finally {
      await page.screenshot({ path: picture });
      say(`screenshot: ${picture}`);
    }
    const panel = panelFrame(page);
    await panel.getByRole('button', { name: 'Stop' }).click();
    await panel.getByTestId('state').filter({ hasText: 'stopped' }).waitFor();
  } finally {
    await browser.close();
    server.stop();
    rmSync(state, { recursive: true, force: true });
  }
}
