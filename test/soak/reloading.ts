import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lens, openFile, waitForPoints } from '../../scripts/vscode/hands.mjs';
import { connectRun } from '../../src/client/hosts';
import { listRuns } from '../../src/runs/registry';
import { RunDirectory } from '../../src/runs/runDirectory';
import { longSample, openWindow } from '../integration/ui/window';
import { filesIn, hostProcesses } from './hostProcesses';
import { startedHere } from './residence';

const PATIENCE_MS = 120_000;
/** Before one reload in so many the extension host is killed. */
const CRASH_EVERY = 3;

export interface ReloadReport {
  readonly reloads: number;
  /** Reloads before which the extension host was killed. */
  readonly crashes: number;
  /** Reloads after which the panel drew steps that the run had not come to before. */
  readonly reconnected: number;
  /** Steps that were trained meanwhile. */
  readonly steps: number;
  /** What was not as it has to be; empty: nothing. */
  readonly lost: readonly string[];
}

/** Reloads a window in which a model trains, again and again: each time its run has to be found, and to have its one host. The build must be in dist/. Linux. */
export async function soakReloads({ times, onReload }: { readonly times: number; readonly onReload?: (reloads: number, step: number) => void }): Promise<ReloadReport> {
  const runtime = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-runtime-'));
  const window = await openWindow({ files: longSample(), env: { XDG_RUNTIME_DIR: runtime } });
  const lost: string[] = [];
  let reconnected = 0;
  try {
    const { page, state } = window;
    await openFile(page, '01-sprites.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 10, PATIENCE_MS);
    const [{ dir = '', manifest: { id = '' } = {} } = {}] = await listRuns();
    const lastStep = async (): Promise<number> => {
      const run = await connectRun(id);
      const { manifest } = await run.api.request('snapshot', {});
      run.close();
      return manifest.lastStep;
    };
    const [host] = hostProcesses(state);
    for (let reload = 1; reload <= times; reload++) {
      const before = await lastStep();
      if (reload % CRASH_EVERY === 0) for (const pid of startedHere('--type=extensionHost')) process.kill(pid, 'SIGKILL');
      await window.reload();
      await lens(page, 'Pause').waitFor({ timeout: PATIENCE_MS });
      await waitForPoints(page, before + 1, PATIENCE_MS);
      reconnected++;
      const found = [(await listRuns()).map(({ manifest, live }) => [manifest.id, live]), hostProcesses(state), filesIn(path.join(runtime, `vae-lab-${process.getuid?.() ?? 0}`)).length];
      const wanted = [[[id, true]], [host], 1];
      if (JSON.stringify(found) !== JSON.stringify(wanted)) lost.push(`reload ${reload}: runs, hosts, sockets are ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
      onReload?.(reload, before);
    }
    const steps = (await new RunDirectory(dir).readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
    if (steps.some((step, i) => step !== i + 1)) lost.push('the curves have a gap, or a step twice');
    return { reloads: times, crashes: Math.floor(times / CRASH_EVERY), reconnected, steps: steps.length, lost };
  } catch (error) {
    await window.picture('soak-reload');
    throw error;
  } finally {
    await window.close();
    rmSync(runtime, { recursive: true, force: true });
  }
}
