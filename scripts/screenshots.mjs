// Makes media/screenshot.png, the README's picture, the same in other themes and languages in out/, and the walkthrough's in media/walkthrough: node scripts/screenshots.mjs [walkthrough]
// Where the machine has no Chinese font the Chinese one shows boxes: it goes to out/, and the one in media/ stays.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './vscode/browser.mjs';
import { lens, openFile, openWorkbench, palette, panelFrame, waitForPoints } from './vscode/hands.mjs';
import { root, startServer } from './vscode/server.mjs';

const STEPS = 600;
const WALKED = 200;
const at = (...parts) => path.join(root, ...parts);
const english = { train: 'Train VAE', stop: 'VAE Lab: Stop Training', latent: 'Latent space' };
const hasChinese = process.platform !== 'linux' || (spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).stdout ?? '') !== '';
if (!hasChinese) console.log('No Chinese font is installed (such as fonts-noto-cjk): media/screenshot.zh-cn.png is not made anew.');
const pictures = [
  { file: at('media', 'screenshot.png'), theme: 'Default Dark Modern', view: 'training', words: english },
  { file: at('out', 'screenshot-light.png'), theme: 'Default Light Modern', view: 'latent', words: english },
  { file: at('out', 'screenshot-contrast.png'), theme: 'Default High Contrast', view: 'training', words: english },
  { file: at(hasChinese ? 'media' : 'out', 'screenshot.zh-cn.png'), theme: 'Default Dark Modern', view: 'latent', locale: 'zh-cn', words: { train: '训练 VAE', stop: 'VAE Lab: 停止训练', latent: '潜空间' } },
];
if (spawnSync(process.execPath, [at('scripts', 'build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(1);
mkdirSync(at('out'), { recursive: true });
/** A window on the samples, its side bar closed. */
async function inWindow({ theme, locale, epochs, width = 1440, height = 960 }, work) {
  const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-screenshots-'));
  const folder = path.join(top, 'samples');
  cpSync(at('samples'), folder, { recursive: true, filter: (name) => !name.includes('.vae-lab') });
  const sample = path.join(folder, '01-sprites.vae.ts');
  if (epochs) writeFileSync(sample, readFileSync(sample, 'utf8').replace('epochs: 20', `epochs: ${epochs}`)); // so that it trains as long as it is looked at
  const server = await startServer({ locale, settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden', 'editor.wordWrap': 'on' }, env: { VAE_LAB_STATE: path.join(top, 'state'), VAE_LAB_IDLE_MS: '1000' } });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width, height }, locale: locale ?? 'en-US' });
    page.setDefaultTimeout(120_000);
    await openWorkbench(page, server.address(folder));
    await openFile(page, '01-sprites.vae.ts');
    await palette(page, 'View: Toggle Primary Side Bar Visibility');
    await work(page).catch(async (error) => {
      await page.screenshot({ path: at('out', 'screenshots-failed.png') });
      throw error;
    });
  } finally {
    await browser.close();
    server.stop();
    rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function shoot(page, file) {
  await page.screenshot({ path: file });
  console.log(path.relative(root, file));
}

/** One picture a step, as a person sees them who follows it. */
async function walkthrough(page) {
  const to = (name) => at('media', 'walkthrough', name);
  const panel = panelFrame(page);
  await lens(page, english.train).first().click();
  await waitForPoints(page, 30, 300_000);
  await page.locator('.notification-toast').waitFor({ state: 'detached' });
  await shoot(page, to('first-run.png'));
  await waitForPoints(page, WALKED, 300_000);
  await palette(page, 'VAE Lab: Pause Training'); // so that a busy machine keeps up with what is done next
  await lens(page, 'Resume').waitFor();
  await shoot(page, to('curves.png'));
  await palette(page, 'VAE Lab: Set Hyperparameter');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'beta' }).click();
  await page.locator('.quick-input-message', { hasText: 'beta' }).waitFor();
  await page.locator('.quick-input-widget input[type=text]').fill('4');
  await page.keyboard.press('Enter');
  await page.locator('.notification-toast', { hasText: 'beta is 4' }).waitFor();
  await palette(page, 'Notifications: Clear All Notifications');
  await lens(page, 'Resume').click();
  await waitForPoints(page, 2 * WALKED, 300_000);
  await palette(page, 'VAE Lab: Pause Training');
  await lens(page, 'Resume').waitFor();
  await shoot(page, to('tune.png'));
  await panel.getByRole('tab', { name: english.latent }).click();
  await panel.getByTestId('here-original').waitFor();
  await shoot(page, to('explore.png'));
  await palette(page, english.stop);
  await lens(page, english.train).first().click();
  await panel.getByRole('tab', { name: 'Training' }).click();
  await panel.getByTestId('state').filter({ hasText: 'training' }).waitFor();
  await waitForPoints(page, WALKED, 300_000);
  await palette(page, english.stop);
  await lens(page, english.train).first().waitFor();
  await page.keyboard.press('Control+2');
  await palette(page, 'VAE Lab: Show Runs');
  for (const box of [0, 1]) await panel.getByRole('checkbox').nth(box).check();
  await panel.getByTestId('compare').getByRole('img').nth(3).waitFor();
  await shoot(page, to('compare.png'));
}

mkdirSync(at('media', 'walkthrough'), { recursive: true });
await inWindow({ theme: 'Default Dark Modern', epochs: 200, width: 1200, height: 800 }, walkthrough);
for (const { file, theme, view, locale, words } of process.argv[2] === 'walkthrough' ? [] : pictures) {
  await inWindow({ theme, locale }, async (page) => {
    await lens(page, words.train).first().click();
    await waitForPoints(page, STEPS, 300_000);
    if (view === 'latent') {
      await panelFrame(page).getByRole('tab', { name: words.latent }).click();
      await panelFrame(page).getByTestId('here-original').waitFor();
    }
    await shoot(page, file);
    await palette(page, words.stop);
    await lens(page, words.train).first().waitFor();
  });
}
