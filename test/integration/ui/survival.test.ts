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
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

const extensionHosts = (): number[] => startedHere('--type=extensionHost');
async function lastStep(): Promise<number> {
  const [{ manifest: { id = '' } = {} } = {}] = await listRuns();
  const run = await connectRun(id);
  const { manifest } = await run.api.request('snapshot', {});
  run.close();
  return manifest.lastStep;
}
async function killExtensionHosts(): Promise<void> {
  const killed = extensionHosts();
  expect(killed.length).toBeGreaterThan(0);
  for (const each of killed) process.kill(each, 'SIGKILL');
  await expect.poll(() => extensionHosts().some((each) => !killed.includes(each)), { timeout: PATIENCE_MS, interval: 100 }).toBe(true);
}
/** The one run is found, shown as it goes on, and obeys; no step is missing or twice. */
async function goesOn(pid: number): Promise<void> {
  const { page, state } = window;
  await lens(page, 'Pause').waitFor({ timeout: PATIENCE_MS });
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
    await killExtensionHosts();
    await goesOn(pid);
  }, 600_000);

  it('and the other panels come back too, those that are hidden when they are seen', async () => {
    const { page } = window;
    const pid = await hostPid();
    await openFile(page, file);
    await palette(page, 'VAE Lab: Preview Samples'); // above the panel
    await openFile(page, file);
    await palette(page, 'VAE Lab: Show Runs');
    const seen = async (selector: string): Promise<number> => (await Promise.all(page.frames().map((frame) => frame.locator(selector).count().catch(() => 0)))).reduce((a, b) => a + b, 0);
    const [row, strip] = ['table.runs tbody tr', '[data-testid=preview-samples]'];
    await expect.poll(() => Promise.all([seen(row), seen(strip)]), { timeout: PATIENCE_MS }).toEqual([1, 1]);
    await killExtensionHosts();
    await expect.poll(() => Promise.all([seen(row), seen(strip)]), { timeout: PATIENCE_MS }).toEqual([1, 1]);
    expect(await page.locator('.tab', { hasText: 'VAE Lab' }).allInnerTexts()).toHaveLength(3);
    for (const title of ['Runs', 'Samples']) {
      await page.locator('.tab', { hasText: `${title} \u00b7 VAE Lab` }).click();
      await palette(page, 'View: Close Editor');
      await page.locator('.tab', { hasText: `${title} \u00b7 VAE Lab` }).waitFor({ state: 'detached' });
    }
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
    await palette(window.page, 'VAE Lab: Open Panel'); // the browser that was closed kept what was open
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

  it('and keeps nothing else waiting where its host does not answer a window that is opened', async () => {
    const { page } = window;
    const pid = await hostPid();
    await openFile(page, file);
    process.kill(pid, 'SIGSTOP');
    try {
      await window.reload();
      await lens(page, 'Pause').waitFor();
      await palette(page, 'VAE Lab: Show Runs');
      const table = async (): Promise<number> => (await Promise.all(page.frames().map((frame) => frame.locator('table.runs tbody tr').count().catch(() => 0)))).reduce((a, b) => a + b, 0);
      await expect.poll(table, { timeout: PATIENCE_MS }).toBe(1);
      await palette(page, 'View: Close Editor');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await palette(page, 'VAE Lab: Open Panel');
    await goesOn(pid);
  }, 600_000);
});
