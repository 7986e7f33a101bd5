// Makes media/screenshot.png, the README's picture, and the same in other themes and languages in out/: node scripts/screenshots.mjs
// The Chinese one shows boxes where the machine has no Chinese font.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './vscode/browser.mjs';
import { lens, openFile, openWorkbench, palette, panelFrame, waitForPoints } from './vscode/hands.mjs';
import { root, startServer } from './vscode/server.mjs';

const STEPS = 600;
const at = (...parts) => path.join(root, ...parts);
const english = { train: 'Train VAE', stop: 'VAE Lab: Stop Training', latent: 'Latent space' };
const pictures = [
  { file: at('media', 'screenshot.png'), theme: 'Default Dark Modern', view: 'training', words: english },
  { file: at('out', 'screenshot-light.png'), theme: 'Default Light Modern', view: 'latent', words: english },
  { file: at('out', 'screenshot-contrast.png'), theme: 'Default High Contrast', view: 'training', words: english },
  { file: at('media', 'screenshot.zh-cn.png'), theme: 'Default Dark Modern', view: 'latent', locale: 'zh-cn', words: { train: '训练 VAE', stop: 'VAE Lab: 停止训练', latent: '潜空间' } },
];
if (spawnSync(process.execPath, [at('scripts', 'build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(1);
mkdirSync(at('out'), { recursive: true });
for (const { file, theme, view, locale, words } of pictures) {
  const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-screenshots-'));
  const folder = path.join(top, 'samples');
  cpSync(at('samples'), folder, { recursive: true, filter: (name) => !name.includes('.vae-lab') });
  const server = await startServer({ locale, settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden', 'editor.wordWrap': 'on' }, env: { VAE_LAB_STATE: path.join(top, 'state'), VAE_LAB_IDLE_MS: '1000' } });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 960 }, locale: locale ?? 'en-US' });
    await openWorkbench(page, server.address(folder));
    await openFile(page, '01-sprites.vae.ts');
    await palette(page, 'View: Toggle Primary Side Bar Visibility');
    await lens(page, words.train).first().click();
    await waitForPoints(page, STEPS, 300_000);
    if (view === 'latent') {
      await panelFrame(page).getByRole('tab', { name: words.latent }).click();
      await panelFrame(page).getByTestId('here-original').waitFor();
    }
    await page.screenshot({ path: file });
    console.log(path.relative(root, file));
    await palette(page, words.stop);
    await lens(page, words.train).first().waitFor();
  } finally {
    await browser.close();
    server.stop();
    rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
