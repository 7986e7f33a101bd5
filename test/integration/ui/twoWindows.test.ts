import { symlink } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { closeHost } from '../../../src/client/hosts';
import { deleteRun } from '../../../src/runs/deletedRuns';
import { findHost, listRuns } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { hostProcesses } from '../../soak/hostProcesses';
import { longSample, openWindow, type Window } from './window';

const file = '01-sprites.vae.ts';
let window: Window;
let both: readonly [Page, Page];
beforeAll(async () => {
  window = await openWindow({ files: longSample() });
  const link = `${window.folder}-linked`;
  await symlink(window.folder, link, 'junction');
  both = [window.page, await window.another(link)];
});
afterAll(() => window.close());
beforeEach(({ onTestFailed, task }) => {
  onTestFailed(async () => {
    await window.failed(task.name);
    await both[1].screenshot({ path: `out/${task.name.replace(/\W+/g, '-').slice(0, 50)}-second.png` });
  });
});
const inBoth = <T>(work: (page: Page) => Promise<T>): Promise<T[]> => Promise.all(both.map(work));
const state = (page: Page, text: string): Promise<void> => panelFrame(page).getByTestId('state').filter({ hasText: text }).waitFor();

/** The tests follow one another. */
describe('two windows on one folder, the second by a link', () => {
  it('show the run that one of them began', async () => {
    await openFile(both[1], file);
    await lens(both[1], 'no runs yet').waitFor();
    await openFile(both[0], file);
    await lens(both[0], 'Train VAE').first().click();
    await lens(both[1], 'Pause').waitFor();
    await lens(both[1], 'Explore').waitFor();
    await palette(both[1], 'VAE Lab: Open Panel');
    await inBoth((page) => waitForPoints(page, 10));
    expect((await listRuns()).length).toBe(1);
  });

  it('pause and resume it from either', async () => {
    await lens(both[1], 'Pause').click();
    await inBoth((page) => state(page, 'paused'));
    await lens(both[0], 'Resume').click();
    await inBoth((page) => state(page, 'training'));
    await inBoth((page) => palette(page, 'VAE Lab: Pause Training')); // the second finds it paused already
    await inBoth((page) => state(page, 'paused'));
    await lens(both[1], 'Resume').click();
    await inBoth((page) => state(page, 'training'));
  });

  it('resume it at once where its host was killed, and have one host', async () => {
    const [run] = await listRuns();
    const id = run?.manifest.id ?? '';
    const host = await findHost(id);
    if (!host) throw new Error('No host is live.');
    process.kill(host.pid, 'SIGKILL');
    await inBoth((page) => state(page, 'interrupted'));
    await inBoth((page) => panelFrame(page).getByRole('alert').getByRole('button', { name: 'Resume' }).click().catch(() => undefined)); // the other may have been faster: then there is nothing to click
    await inBoth((page) => state(page, 'training'));
    await inBoth((page) => waitForPoints(page, (run?.manifest.lastStep ?? 0) + 10));
    expect((await listRuns()).map(({ manifest, live }) => [manifest.id, live])).toEqual([[id, true]]);
    if (process.platform === 'linux') await expect.poll(() => hostProcesses(window.state).length).toBe(1);
  });

  it('stop it at once', async () => {
    await inBoth((page) => palette(page, 'VAE Lab: Stop Training'));
    await inBoth((page) => state(page, 'stopped'));
    await inBoth((page) => lens(page, 'Train VAE').waitFor());
    const [run, ...others] = await listRuns();
    expect([run?.manifest.state, others]).toEqual([{ kind: 'stopped' }, []]);
    const steps = (await new RunDirectory(run?.dir ?? '').readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('look at it from its folder when it has ended, with one host for both', async () => {
    await inBoth(async (page) => {
      await lens(page, 'Sample').first().click();
      await panelFrame(page).getByTestId('drawn').waitFor();
    });
    if (process.platform === 'linux') expect(hostProcesses(window.state).length).toBe(1);
  });

  it('lose it where another program deletes it', async () => {
    const [run] = await listRuns();
    if (!run) throw new Error('There is no run.');
    await closeHost(run.manifest.id);
    await deleteRun(run.manifest.id, run.dir);
    await inBoth(async (page) => {
      await lens(page, 'no runs yet').waitFor();
      await panelFrame(page).getByText('No runs yet.').waitFor();
    });
  });
});
