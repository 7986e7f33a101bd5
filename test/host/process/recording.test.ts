import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRun } from '../../../src/client/hosts';
import { resumeRun } from '../../../src/client/resumeRun';
import type { Moment } from '../../../src/protocol/moments';
import { Moments } from '../../../src/runs/moments';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { hosts, kill, model, place, reached, step, STEPS_PER_EPOCH } from './running';

const self = hosts();
const steps = (moments: readonly Moment[] | undefined): number[] => (moments ?? []).map((moment) => moment.step);

describe('a run', () => {
  it('records what it looks like, tells it, and is gone through from its folder', async () => {
    const run = await self.start(model(4));
    const told: Moment[] = [];
    run.api.on('moment', (moment) => { told.push(moment); });
    await reached(run, 'completed');
    const { moments, checkpoints, images } = await run.api.request('snapshot', {});
    expect(steps(moments)[0]).toBe(1);
    expect(steps(moments).at(-1)).toBe(4 * STEPS_PER_EPOCH);
    expect(moments).toEqual(expect.arrayContaining(told));
    expect(moments?.every(({ klNats }) => klNats.length === 3 && klNats.every((kl) => kl >= 0))).toBe(true);
    expect(checkpoints).toEqual(await new RunDirectory(run.dir).checkpoints.steps());
    expect(checkpoints?.[0]).toBe(4 * STEPS_PER_EPOCH);
    const last = await new Moments(run.dir).read(4 * STEPS_PER_EPOCH);
    expect([last.originals, last.reconstructions, last.samples]).toEqual([images?.originals, images?.reconstructions, images?.samples]);
    expect([last.latentDim, last.means.length]).toEqual([3, 3 * 64]);
    expect((await new RunDirectory(run.dir).readSnapshot()).moments).toEqual(moments);
  });

  it('that goes on from a checkpoint forgets what it recorded after it', async () => {
    const run = await self.start(model(100_000));
    await step(run, 40);
    await kill(run);
    const directory = new RunDirectory(run.dir);
    const [from = 0] = await directory.checkpoints.steps();
    await new Moments(run.dir).write({ step: from + 1_000_000, seconds: 1, klNats: [9, 9, 9] }, await new Moments(run.dir).read(1));
    const again = self.keep(await resumeRun({ ...place, dir: run.dir, runId: run.runId }));
    await reached(again, 'running');
    const { moments } = await again.api.request('snapshot', {});
    expect(steps(moments).every((at) => at <= from + 1000)).toBe(true);
    await again.api.request('stop', {});
    await reached(again, 'stopped');
    const all = steps((await again.api.request('snapshot', {})).moments);
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
  });

  it('whose pictures were deleted is served without them', async () => {
    const run = await self.start(model(2));
    await reached(run, 'completed');
    await kill(run);
    for (const name of await readdir(path.join(run.dir, 'moments'))) if (name.endsWith('.png')) await rm(path.join(run.dir, 'moments', name));
    await rm(path.join(run.dir, 'images'), { recursive: true });
    const viewer = self.keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
    const { moments, images } = await viewer.api.request('snapshot', {});
    expect([steps(moments)[0], images?.step]).toEqual([1, 2 * STEPS_PER_EPOCH]); // made anew from its checkpoint
    await expect(new Moments(run.dir).read(1)).rejects.toThrow('missing or damaged');
  });
});
