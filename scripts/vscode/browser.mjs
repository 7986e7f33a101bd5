// A headless Chromium to show VS Code in.
import { chromium } from 'playwright-core';
import { ensureChromium } from '../tools/chromium.mjs';

const args = ['--no-sandbox', '--disable-gpu', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** @returns a Playwright browser; close it. */
export async function launchBrowser() {
  return chromium.launch({ executablePath: await ensureChromium(), headless: true, args });
}
