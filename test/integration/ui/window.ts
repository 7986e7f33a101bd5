import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { once } from 'node:events';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../../scripts/vscode/browser.mjs';
import { openWorkbench, palette } from '../../../scripts/vscode/hands.mjs';
import { findHost, listRuns } from '../../../src/runs/registry';
import { startServer, type ServerOptions } from '../../../scripts/vscode/server.mjs';

export interface Window {
  /** The first window; another one after `restart`. */
  readonly page: Page;
  /** In which the window's folder lies. */
  readonly top: string;
  readonly folder: string;
  readonly state: string;
  /** Writes what is seen to out/, for whoever looks into a failure. */
  picture(name: string): Promise<void>;
  /** The same of a test that failed, and to out/failed what the window said, where the runs are, and the end of the extension's log. */
  failed(name: string): Promise<void>;
  reload(): Promise<void>;
  /** Quits VS Code wholly, calls `meanwhile`, and starts it again as it was left. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** A second window on the same folder, or on the one that is there by another `way`. */
  another(way?: string): Promise<Page>;
  /** Ends hosts, browser and server, and deletes the folder. */
  close(): Promise<void>;
}
export interface WindowOptions extends ServerOptions {
  /** Files put beside the samples; a name may have folders. */
  readonly files?: Readonly<Record<string, string>>;
  /** What is opened: the folder (the usual), a workspace file in it, or nothing. */
  readonly workspace?: string | undefined;
  readonly empty?: boolean;
  readonly viewport?: { width: number; height: number };
}

/** The first sample, with so many epochs that no machine is through with it before a test is. */
export const longSample = (): Record<string, string> => ({ '01-sprites.vae.ts': readFileSync('samples/01-sprites.vae.ts', 'utf8').replace('epochs: 20', 'epochs: 2000') });

const LOG_LINES = 12;

async function stopHosts(): Promise<void> {
  for (const { manifest } of await listRuns()) {
    const host = await findHost(manifest.id);
    if (host) process.kill(host.pid, 'SIGKILL');
  }
}

const fileName = (name: string): string => name.replace(/\W+/g, '-').slice(0, 60);

/** The end of what the extension logged, in each of the windows that were. */
async function logged(home: string): Promise<string> {
  const logs = (await readdir(home, { recursive: true })).filter((file) => path.basename(file) === 'VAE Lab.log');
  return (await Promise.all(logs.map((file) => readFile(path.join(home, file), 'utf8')))).join('').trim().split('\n').slice(-LOG_LINES).join('\n');
}

/** A VS Code window on a folder of its own with the samples in it. */
export async function openWindow({ files = {}, workspace, empty = false, viewport = { width: 1440, height: 900 }, ...options }: WindowOptions = {}): Promise<Window> {
  const top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-window-'));
  const [folder, state] = [path.join(top, 'models'), path.join(top, 'state')];
  await cp('samples', folder, { recursive: true, filter: (file) => !file.includes('.vae-lab') });
  await mkdir(state);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  process.env['VAE_LAB_STATE'] = state;
  const start = () => startServer({ ...options, home: path.join(top, 'vscode'), keepHome: true, env: { VAE_LAB_STATE: state, VAE_LAB_IDLE_MS: '1000', VAE_LAB_COMPONENTS: path.join(top, 'components'), ...options.env } });
  let server = await start();
  let browser: Browser | undefined;
  const address = (way = folder): string => {
    const whole = `http://127.0.0.1:${server.port}/`;
    return empty ? `${whole}?ew=true` : workspace ? `${whole}?workspace=${encodeURIComponent(path.join(folder, workspace))}` : server.address(way);
  };
  try {
    browser = await launchBrowser();
    const shown = async (way?: string): Promise<Page> => {
      const opened = await browser?.newPage({ viewport, locale: options.locale ?? 'en-US' });
      if (!opened) throw new Error('The browser is gone.');
      opened.setDefaultTimeout(60_000);
      await openWorkbench(opened, address(way));
      return opened;
    };
    let page = await shown();
    const picture = async (name: string): Promise<void> => { await page.screenshot({ path: path.join('out', `${fileName(name)}.png`) }); };
    return {
      get page() { return page; },
      top, folder, state, another: shown,
      picture,
      failed: async (name) => {
        await picture(name);
        await palette(page, 'Notifications: Show Notifications').catch(() => undefined);
        const said = await page.locator('.notification-list-item-message').allInnerTexts();
        await page.keyboard.press('Escape'); // where they are listed, none comes up by itself for the tests that follow
        const runs = (await listRuns()).map(({ live, manifest: { id, state: { kind }, lastStep } }) => `${id}: ${kind} at step ${lastStep}, ${live ? 'live' : 'not live'}`);
        await mkdir(path.join('out', 'failed'), { recursive: true });
        await writeFile(path.join('out', 'failed', `${fileName(name)}.txt`), [`${name}. The window said:`, ...said, 'Runs:', ...runs, 'The extension logged:', await logged(path.join(top, 'vscode'))].join('\n'));
      },
      reload: async () => {
        const loaded = page.waitForEvent('load');
        await palette(page, 'Developer: Reload Window'); // the browser's own would not wait until VS Code has written what is open
        await loaded;
        await page.locator('.monaco-workbench').waitFor();
      },
      restart: async (meanwhile) => {
        await browser?.close();
        const ended = once(server.child, 'exit');
        server.stop();
        await ended;
        await meanwhile?.();
        server = await start();
        browser = await launchBrowser();
        page = await shown();
      },
      close: async () => {
        await browser?.close();
        server.stop();
        await stopHosts();
        await rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      },
    };
  } catch (error) {
    await browser?.close();
    server.stop();
    throw error;
  }
}
