import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRun } from '../../../src/client/hosts';
import { resumeRun } from '../../../src/client/resumeRun';
import { listRuns } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { differences, outcome } from '../../soak/comparison';
import { mountDisk, type Disk } from './disk';
import { gone, hosts, kill, model, place, reached, step } from './running';

const self = hosts();
const EPOCHS = 40;
let disk: Disk;
let runsFolder: string;
beforeAll(() => {
  const folder = path.join(self.top, 'disk');
  disk = mountDisk(path.join(self.top, 'disk.img'), folder);
  runsFolder = path.join(folder, 'runs');
  if (disk.why !== undefined) console.warn(`Skipped: no file system can be mounted here that goes read-only (${disk.why}).`);
});
afterAll(() => { disk.end(); });
const listed = async (runId: string) => (await listRuns()).find(({ manifest }) => manifest.id === runId);

describe('a run whose file system goes read-only', () => {
  it('fails with a sentence, is listed so, loses nothing that was saved, and goes on bit for bit when it can be written', async ({ skip }) => {
    if (disk.why !== undefined) skip(disk.why);
    const whole = await self.start(model(EPOCHS));
    await reached(whole, 'completed');
    const run = await self.start(model(EPOCHS), { runsFolder });
    await step(run, 60);
    await run.api.request('pause', {}); // else it may be through before
    await reached(run, 'paused');
    disk.fail();
    await run.api.request('resume', {}).catch(() => undefined); // that it goes on cannot be written
    const said = /^The run folder .* cannot be written \(EROFS.*\)\. .*make it writable/;
    expect(await reached(run, 'failed')).toMatchObject({ kind: 'failed', error: { code: 'runFolder', message: expect.stringMatching(said) as string } });
    const { manifest: { lastStep }, metrics } = await run.api.request('snapshot', {});
    expect([lastStep >= 60, metrics.at(-1)?.step]).toEqual([true, lastStep]); // what is looked at is as it was
    // What is on the disk says "paused" still, and cannot say anything else.
    expect((await new RunDirectory(run.dir).readManifest()).state.kind).toBe('paused');
    expect(await listed(run.runId)).toMatchObject({ live: false, manifest: { lastStep, state: { kind: 'failed', error: { message: expect.stringMatching(said) as string } } } });
    expect((await run.api.request('sample', { count: 2, seed: 1 })).count).toBe(2);

    await kill(run);
    expect(await listed(run.runId)).toMatchObject({ live: false, manifest: { state: { kind: 'interrupted' } } });
    await expect(resumeRun({ ...place, dir: run.dir, runId: run.runId })).rejects.toThrow(said);
    const viewer = self.keep(await openRun({ ...place, dir: run.dir, runId: run.runId })); // to be looked at it need not be written
    expect((await viewer.api.request('sample', { count: 2, seed: 1 })).count).toBe(2);
    const left = gone(viewer);
    await viewer.api.request('shutdown', {});
    await left;

    await expect.poll(() => { try { disk.mend(); return ''; } catch (error) { return String(error); } }).toBe(''); // the process that served it has to be gone
    const { checkpoint } = await new RunDirectory(run.dir).checkpoints.newest();
    expect(checkpoint?.step).toBeGreaterThan(0);
    const again = self.keep(await resumeRun({ ...place, dir: run.dir, runId: run.runId }));
    await reached(again, 'completed');
    expect(differences(await outcome(run.dir), await outcome(whole.dir))).toEqual([]);
    await kill(again);
  }, 600_000); // two whole runs
});
