// A Chromium for tests: VAE_LAB_CHROMIUM, an installed one, or the one that an npm package carries.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cached, run } from './cache.mjs';
import { ensureNode24 } from './node24.mjs';

const VERSION = '153.0.0';
/** The npm package's folder, with a headless Chromium and its software graphics packed. */
export const chromiumPackage = () => cached(`chromium-${VERSION}`, 'a headless Chromium', (at) => run('npm', ['install', '--no-save', '--ignore-scripts', `@sparticuz/chromium@${VERSION}`], { cwd: at }));
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Path of an executable Chromium. */
export async function ensureChromium() {
  if (process.env.VAE_LAB_CHROMIUM) return process.env.VAE_LAB_CHROMIUM;
  const found = installed.find((file) => existsSync(file));
  if (found) return found;
  const node = await ensureNode24();
  const folder = await chromiumPackage();
  const unpacked = path.join(folder, 'unpacked');
  const script = `import('@sparticuz/chromium').then(async ({ default: chromium }) => console.log(await chromium.executablePath()))`;
  const env = { ...process.env, TMPDIR: unpacked };
  await import('node:fs/promises').then(({ mkdir }) => mkdir(unpacked, { recursive: true }));
  const lines = (await run(node, ['--input-type=module', '-e', script], { cwd: folder, env })).trim().split('\n');
  return lines.at(-1);
}
