import { cp, mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRun, type RunConnection } from '../../../src/client/hosts';
import { branchRun, resumeRun } from '../../../src/client/resumeRun';
import { processStart } from '../../../src/runs/processStart';
import { findHost, listRuns, registerHost, registerRun } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { differences, outcome, type Outcome } from '../../soak/comparison';
import { soakKills } from '../../soak/killing';
import { gone, hosts, kill, model, place, reached, step, STEPS_PER_EPOCH } from './running';

const self = hosts();
const { start, keep } = self;
const resume = async (run: RunConnection): Promise<RunConnection> => keep(await resumeRun({ ...place, dir: run.dir, runId: run.runId }));
const listed = async ({ runId }: RunConnection) => (await listRuns()).find(({ manifest }) => manifest.id === runId);
const EPOCHS = 40;
const LONG = 100_000;

let whole: Promise<Outcome> | undefined;
/** What the run is that nothing happened to. */
const undisturbed = (): Promise<Outcome> => (whole ??= start(model(EPOCHS)).then(async (run) => {
  await reached(run, 'completed');
  return outcome(run.dir);
}));

describe('a run resumed', () => {
  it.each(['compiled', 'wasm'])('after SIGKILL at any moment is the run that never stopped, bit for bit (%s)', async (engine) => {
    const state = process.env['VAE_LAB_STATE'];
    const { kills, lost } = await soakKills({ times: 5, engine, seed: 7 });
    process.env['VAE_LAB_STATE'] = state;
    expect({ kills, lost }).toEqual({ kills: 5, lost: [] });
  }, 600_000); // ten hosts one after another

  it('after it was stopped, or told to end, is the run that never stopped', async () => {
    const run = await start(model(EPOCHS));
    await step(run, 20);
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    const again = await resume(run);
    await step(again, 60);
    const closed = gone(again);
    await again.api.request('shutdown', {});
    await closed;
    expect((await listed(run))?.manifest.state.kind).toMatch(/interrupted|completed/);
    const last = await resume(run);
    await reached(last, 'completed');
    expect(differences(await outcome(run.dir), await undisturbed())).toEqual([]);
  });

  it('has all that was recorded of it to show from the first moment on, while it gets ready', async () => {
    const run = await start(model(EPOCHS));
    await step(run, 60);
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    const { moments = [], checkpoints = [] } = await run.api.request('snapshot', {});
    expect(moments.length).toBeGreaterThan(1);
    const closed = gone(run);
    await run.api.request('shutdown', {});
    await closed;
    const again = await resume(run);
    const first = await again.api.request('snapshot', {});
    expect([first.manifest.state.kind, first.moments, first.checkpoints]).toEqual(['preparing', moments, checkpoints]);
  });

  it('changes hyperparameters again where they were changed after its checkpoint', async () => {
    const [first, second] = [await start(model(EPOCHS)), await start(model(EPOCHS))];
    await reached(second, 'running');
    await step(first, 5);
    await first.api.request('pause', {});
    const { step: from } = await first.api.request('setHyperparameter', { name: 'beta', value: 4 });
    await kill(first); // its checkpoint may be older than the change
    const again = await resume(first);
    await reached(again, 'completed');
    // Another run is told of the change beforehand, and goes through it without a stop.
    await kill(second);
    const directory = new RunDirectory(second.dir);
    await directory.rewind(-1);
    directory.rewriteMarks([{ step: from, seconds: 0, name: 'beta', from: 1, to: 4 }]);
    await directory.close();
    await reached(await resume(second), 'completed');
    const [a, b] = [await outcome(first.dir), await outcome(second.dir)];
    expect(a.marks).toEqual([{ step: from, seconds: 0, name: 'beta', from: 1, to: 4 }]);
    expect(a.hyperparameters['beta']).toBe(4);
    expect(differences(a, b)).toEqual([]);
    expect(differences(a, await undisturbed())).toContain('tensors');
  });

  it('forgets a change that was made differently since', async () => {
    const run = await start(model(LONG));
    await step(run, 3);
    await kill(run);
    const directory = new RunDirectory(run.dir);
    directory.rewriteMarks([{ step: 1_000_000, seconds: 0, name: 'beta', from: 1, to: 4 }, { step: 1_000_000, seconds: 0, name: 'learningRate', from: 0.001, to: 0.5 }]);
    await directory.close();
    const again = await resume(run);
    await reached(again, 'running');
    await again.api.request('setHyperparameter', { name: 'beta', value: 2 });
    await kill(again);
    expect((await directory.readMarks()).map(({ name, to }) => [name, to])).toEqual([['beta', 2], ['learningRate', 0.5]]);
  });

  it('uses the checkpoint before a damaged one, and says so', async () => {
    const run = await start(model(EPOCHS));
    await step(run, 80);
    await run.api.request('stop', {});
    await reached(run, 'stopped', 'completed');
    const { checkpoints } = new RunDirectory(run.dir);
    const [newest = 0, before = 0] = await checkpoints.steps();
    await truncate(path.join(run.dir, 'checkpoints', `step-${newest}.safetensors`), 1000);
    const again = await resume(run);
    expect((await again.api.request('snapshot', {})).manifest.checkpointNotice).toBe(`The checkpoint of step ${newest} is damaged; that of step ${before} is used.`);
    await reached(again, 'completed');
    expect(differences(await outcome(run.dir), await undisturbed())).toEqual([]);
  });

  it('from two windows at once has one host', async () => {
    const run = await start(model(LONG));
    await step(run, 3);
    await kill(run);
    const both = await Promise.all([resume(run), resume(run), resume(run)]);
    const pids = await Promise.all(both.map(async ({ api }) => (await api.request('snapshot', {})).manifest.host.pid));
    expect(new Set(pids).size).toBe(1);
    await Promise.all(both.map((each) => step(each, 10)));
    expect((await resume(run)).runId).toBe(run.runId); // and again, while it trains
  });

  it('takes the place of whoever only showed it', async () => {
    const run = await start(model(LONG));
    await step(run, 20);
    await kill(run);
    const viewer = keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
    const { pid: viewerPid = 0 } = await findHost(run.runId) ?? {};
    const left = gone(viewer);
    const again = await resume(run);
    await left;
    await step(again, 30);
    await expect.poll(() => processStart(viewerPid)).toBeUndefined();
    expect((await findHost(run.runId))?.pid).not.toBe(viewerPid);
  });

  it('starts anew where it was killed before its first checkpoint', async () => {
    const run = await start(model(EPOCHS));
    await kill(run);
    await rm(path.join(run.dir, 'checkpoints'), { recursive: true });
    await mkdir(path.join(run.dir, 'checkpoints'));
    await reached(await resume(run), 'completed');
    expect(differences(await outcome(run.dir), await undisturbed())).toEqual([]);
  });
});

describe('a run whose disk', () => {
  it.skipIf(process.platform !== 'linux')('was full goes on when there is room', async () => {
    const run = await start(model(LONG));
    await step(run, 30);
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    await kill(run);
    await rm(path.join(run.dir, 'events.jsonl'), { force: true });
    await symlink('/dev/full', path.join(run.dir, 'events.jsonl')); // every write to it finds no space
    const full = await resume(run);
    await reached(full, 'running');
    await full.api.request('setHyperparameter', { name: 'beta', value: 3 });
    expect(await reached(full, 'failed')).toMatchObject({ error: { code: 'runFolder', message: expect.stringMatching(/ENOSPC.*Make room/) as string } });
    await kill(full);
    await rm(path.join(run.dir, 'events.jsonl'));
    const again = await resume(run);
    await step(again, 60);
    const steps = (await again.api.request('snapshot', {})).metrics.filter(({ split }) => split === 'train').map((point) => point.step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('cannot be written fails with a sentence, keeps what there was, and goes on when it can', async () => {
    const run = await start(model(LONG));
    await step(run, 30);
    const folder = path.join(run.dir, 'checkpoints');
    await rename(folder, `${folder}-kept`);
    await writeFile(folder, ''); // a file in its place: also root cannot write into it
    expect(await reached(run, 'failed')).toMatchObject({ error: { code: 'runFolder', message: expect.stringContaining('cannot be written') as string } });
    expect((await listed(run))?.manifest.state.kind).toBe('failed');
    await rm(folder);
    await rename(`${folder}-kept`, folder);
    const again = await resume(run);
    await step(again, 40);
    const steps = (await again.api.request('snapshot', {})).metrics.filter(({ split }) => split === 'train').map((point) => point.step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });
});

describe('what is found of a run', () => {
  it.skipIf(process.platform === 'win32')('that sleeps is that it lives; it goes on when it is woken', async () => {
    const run = await start(model(LONG));
    await step(run, 5);
    const { pid = 0 } = await findHost(run.runId) ?? {};
    process.kill(pid, 'SIGSTOP');
    expect(await listed(run)).toMatchObject({ live: true, manifest: { state: { kind: 'running' } } });
    process.kill(pid, 'SIGCONT');
    const { manifest: { lastStep } } = await run.api.request('snapshot', {});
    await step(run, lastStep + 5);
    const steps = (await run.api.request('snapshot', {})).metrics.filter(({ split }) => split === 'train').map((point) => point.step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('does not take another program with the same pid for its host', async () => {
    const run = await start(model(LONG));
    await step(run, 5);
    const endpoint = await findHost(run.runId);
    if (!endpoint) throw new Error('There is no host.');
    await kill(run);
    await registerHost(run.runId, { ...endpoint, pid: process.pid }); // this process has it now
    expect(await findHost(run.runId)).toBeUndefined();
    await registerHost(run.runId, { ...endpoint, pid: process.pid, processStart: processStart(process.pid) ?? '' }); // where a system does not tell when a process started
    expect(await findHost(run.runId)).toBeUndefined();
    const found = await listed(run);
    expect(found).toMatchObject({ live: false, manifest: { state: { kind: 'interrupted' } } });
    expect(found?.manifest.lastStep).toBeGreaterThan(0); // as of what it wrote
  });

  it('of a later version is shown, and neither written nor resumed', async () => {
    const run = await start(model(2));
    await reached(run, 'completed');
    await kill(run);
    const file = path.join(run.dir, 'run.json');
    const text = JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')) as object, schemaVersion: 99, invented: true });
    await writeFile(file, text);
    expect(await listed(run)).toMatchObject({ newer: true, live: false, manifest: { modelName: 'small', state: { kind: 'failed' } } });
    await expect(resumeRun({ ...place, dir: run.dir, runId: run.runId })).rejects.toThrow(/later version/);
    await expect(openRun({ ...place, dir: run.dir, runId: run.runId })).rejects.toThrow(/later version/);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('in another run\'s folder is nothing: a manifest names no host but its own', async () => {
    const run = await start(model(2));
    await reached(run, 'completed');
    const copy = path.join(self.top, 'copy');
    await cp(run.dir, copy, { recursive: true });
    await registerRun('another', copy);
    expect((await listRuns()).filter(({ dir }) => dir === copy)).toEqual([]);
  });
});

describe('a branch', () => {
  it('goes on from a checkpoint of another run, in its own way, and names it', async () => {
    const run = await start(model(EPOCHS), { keepEvery: 60 });
    await reached(run, 'completed');
    const branch = keep(await branchRun({ ...place, dir: run.dir, step: 60, set: { beta: 3 } }));
    await reached(branch, 'completed');
    const [parent, child] = [await outcome(run.dir), await outcome(branch.dir)];
    const { manifest } = await branch.api.request('snapshot', {});
    expect([manifest.parent, manifest.engine, manifest.epochs, child.lastStep, child.marks]).toEqual([{ id: run.runId, step: 60 }, 'wasm', EPOCHS, EPOCHS * STEPS_PER_EPOCH, [{ step: 61, seconds: 0, name: 'beta', from: 1, to: 3 }]]);
    const upTo = (points: typeof child.metrics) => points.filter((point) => point.step <= 60);
    expect(upTo(child.metrics)).toEqual(upTo(parent.metrics));
    expect(child.metrics.find((point) => point.step === 61)?.loss).not.toBe(parent.metrics.find((point) => point.step === 61)?.loss);
    expect((await readdir(path.join(run.dir, 'checkpoints'))).includes('step-60.safetensors')).toBe(true);
  });

  it.each(['while it trains', 'while it is paused'])('begins from a checkpoint that a live run writes for it %s', async (when) => {
    const run = await start(model(EPOCHS));
    await step(run, 20);
    if (when !== 'while it trains') {
      await run.api.request('pause', {});
      await reached(run, 'paused');
    }
    const { step: at } = await run.api.request('saveCheckpoint', {});
    const branch = keep(await branchRun({ ...place, dir: run.dir, step: at }));
    await reached(branch, 'completed');
    if (when !== 'while it trains') await run.api.request('resume', {});
    await reached(run, 'completed');
    expect(differences(await outcome(branch.dir), await outcome(run.dir))).toEqual([]);
    expect(await outcome(run.dir).then((whole) => undisturbed().then((other) => differences(whole, other)))).toEqual([]); // that it was asked changes nothing
    await expect(run.api.request('saveCheckpoint', {})).rejects.toThrow('This run has ended.');
  });

  it('that changes nothing is the run it came from', async () => {
    const run = await start(model(EPOCHS), { keepEvery: 60 });
    await reached(run, 'completed');
    const branch = keep(await branchRun({ ...place, dir: run.dir, step: 120 }));
    await reached(branch, 'completed');
    expect(differences(await outcome(branch.dir), await outcome(run.dir))).toEqual([]);
  });

  it('killed is resumed as any run', async () => {
    const run = await start(model(EPOCHS), { keepEvery: 60 });
    await reached(run, 'completed');
    const whole = keep(await branchRun({ ...place, dir: run.dir, step: 60, set: { learningRate: 1e-4 } }));
    await reached(whole, 'completed');
    const branch = keep(await branchRun({ ...place, dir: run.dir, step: 60, set: { learningRate: 1e-4 } }));
    await kill(branch);
    await reached(await resume(branch), 'completed');
    expect(differences(await outcome(branch.dir), await outcome(whole.dir))).toEqual([]);
  });

  it('of a run that is through trains as many epochs again', async () => {
    const run = await start(model(3));
    await reached(run, 'completed');
    const branch = keep(await branchRun({ ...place, dir: run.dir }));
    await reached(branch, 'completed');
    expect((await branch.api.request('snapshot', {})).manifest).toMatchObject({ epochs: 6, lastStep: 36 });
    await expect(branchRun({ ...place, dir: run.dir, epochs: 2 })).rejects.toThrow('3 epochs are trained already.');
    await expect(branchRun({ ...place, dir: run.dir, set: { beta: -1 } })).rejects.toThrow(/beta must be/);
  });
});
