import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lens, openFile, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { listRuns } from '../../../src/runs/registry';
import { openWindow, type Window } from './window';

const published = process.env['VAE_LAB_DATA'];
let dataFolder: string;
let window: Window;
let server: Server;
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await window.picture(task.name);
  await window.close();
  server.close();
  await rm(dataFolder, { recursive: true, force: true });
});

/** A mirror of MNIST whose first answer stops half way, until it is hung up; the later ones are whole. */
async function mirror(folder: string): Promise<{ address: string; hungUp: Promise<void> }> {
  let first = true;
  let tell = (): void => undefined;
  const hungUp = new Promise<void>((resolve) => { tell = resolve; });
  const answer = (name: string, response: ServerResponse): void => {
    const file = path.join(folder, name);
    const { size } = statSync(file);
    response.writeHead(200, { 'content-length': size });
    if (first) {
      first = false;
      createReadStream(file, { end: Math.floor(size / 2) }).pipe(response, { end: false });
      response.once('close', tell);
    } else createReadStream(file).pipe(response);
  };
  server = createServer((request, response) => { answer(path.basename(request.url ?? ''), response); }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist`, hungUp };
}

describe.skipIf(published === undefined)('a data set that has to be downloaded', () => {
  it('can be cancelled half way, and comes whole the next time', async () => {
    const { address, hungUp } = await mirror(path.join(published ?? '', 'mnist'));
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-data-'));
    window = await openWindow({ env: { VAE_LAB_DATA: '' }, files: { '.vscode/settings.json': JSON.stringify({ 'vaeLab.dataMirrors': [address], 'vaeLab.dataFolder': dataFolder }) } });
    const { page } = window;
    const panel = panelFrame(page);
    await openFile(page, 'digits.vae.ts');
    await lens(page, 'Train VAE').first().click();
    const toast = page.locator('.notification-list-item', { hasText: /Downloading t10k-images-idx3-ubyte\.gz/ });
    await toast.waitFor();
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await hungUp;
    await panel.getByTestId('state').filter({ hasText: 'stopped' }).waitFor();
    expect((await listRuns())[0]?.manifest.state.kind).toBe('stopped');
    await toast.waitFor({ state: 'detached' });

    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 1, 60_000);
    expect((await listRuns())[0]?.manifest.state.kind).toBe('running');
  });
});
