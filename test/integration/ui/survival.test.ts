import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { connectRun } from '../../../src/client/hosts';
import { findHost, listRuns } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { hostProcesses } from '../../soak/hostProcesses';
import { startedHere } from '../../soak/residence';
import { longSample, openWindow, type Window } from './window';

const file = '01-sprites.vae.ts';
const PATIENCE_MS = 180_000;
let window: Window;
beforeAll(async () => { window = await openWindow({ files: longSample() }); });
afterAll(() => window.close());
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.picture(task.name)); });

const extensionHosts = (): number[] => startedHere('--type=extensionHost');
async function lastStep(): Promise<number> {
  const [{ manifest: { id = '' } = {} } = {}] = await listRuns();
  const run = await connectRun(id);
  const { manifest } = await run.api.request('snapshot', {});
  run.close();
  return manifest.lastStep;
}
/** The one run is found, shown as it goes on, and obeys; no step is missing or twice. */
async function goesOn(pid: number): Promise<void> {
  const { page, state } = window;
  await lens(page, 'Pause').waitFor({ timeout: PATIENCE_MS });
  await palette(page, 'VAE Lab: Open Panel');
  await waitForPoints(page, await lastStep() + 1, PATIENCE_MS);
  expect(await page.locator('.tab', { hasText: 'shapes \u00b7 VAE Lab' }).count()).toBe(1);
  expect([(await listRuns()).map(({ live, manifest }) => [live, manifest.state.kind]), hostProcesses(state)]).toEqual([[[true, 'running']], [pid]]);
  await palette(page, 'VAE Lab: Pause Training');
  await panelFrame(page).getByTestId('state').filter({ hasText: 'paused' }).waitFor();
  const [{ dir = '' } = {}] = await listRuns();
  const written = async (): Promise<number[]> => (await new RunDirectory(dir).readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
  const shown = async (): Promise<number> => Number(await panelFrame(page).getByTestId('curves').getAttribute('data-points'));
  await expect.poll(async () => (await written()).length - await shown(), { timeout: PATIENCE_MS }).toBe(0); // the step at which it was told to pause is told when it is done
  const steps = await written();
  expect(steps).toEqual(steps.map((_, i) => i + 1));
  await palette(page, 'VAE Lab: Resume Training');
  await panelFrame(page).getByTestId('state').filter({ hasText: 'training' }).waitFor();
}
async function hostPid(): Promise<number> {
  const [{ manifest: { id = '' } = {} } = {}] = await listRuns();
  const host = await findHost(id);
  if (!host) throw new Error('There is no host.');
  return host.pid;
}

/** The tests follow one another. */
describe.skipIf(process.platform !== 'linux')('a run that trains in a real VS Code goes on', () => {
  it('when the extension host is killed, which VS Code starts again', async () => {
    const { page } = window;
    page.setDefaultTimeout(PATIENCE_MS);
    await openFile(page, file);
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 10, PATIENCE_MS);
    const pid = await hostPid();
    const killed = extensionHosts();
    expect(killed.length).toBeGreaterThan(0);
    for (const each of killed) process.kill(each, 'SIGKILL');
    await expect.poll(() => extensionHosts().some((each) => !killed.includes(each)), { timeout: PATIENCE_MS, interval: 100 }).toBe(true);
    await openFile(page, file);
    await goesOn(pid);
  }, 600_000);

  it('when VS Code is quit, and is found when it is started again', async () => {
    const pid = await hostPid();
    const before = await lastStep();
    await window.restart(async () => {
      expect(extensionHosts()).toEqual([]);
      await expect.poll(lastStep, { timeout: PATIENCE_MS }).toBeGreaterThan(before); // with no editor there
    });
    window.page.setDefaultTimeout(PATIENCE_MS);
    await openFile(window.page, file);
    await goesOn(pid);
  }, 600_000);

  it('when host and editor were stopped for a while, as by a laptop that sleeps', async () => {
    const { page } = window;
    const pid = await hostPid();
    const [{ manifest } = {}] = await listRuns();
    const all = [pid, ...extensionHosts()];
    for (const each of all) process.kill(each, 'SIGSTOP');
    try {
      expect((await listRuns()).map(({ live, manifest: { id, state } }) => [live, id, state.kind])).toEqual([[true, manifest?.id, 'running']]);
      await page.locator('.statusbar-item', { hasText: /shapes step/ }).waitFor(); // the window says what it last heard
    } finally {
      for (const each of all) process.kill(each, 'SIGCONT');
    }
    await goesOn(pid);
  }, 600_000);
});
