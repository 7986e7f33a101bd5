import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRun, type RunConnection } from '../../../src/client/hosts';
import { branchRun, resumeRun } from '../../../src/client/resumeRun';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { parseTrainerState } from '../../../src/host/training/trainerState';
import { differences, outcome } from '../../soak/comparison';
import { hosts, kill, model, place, reached, step, STEPS_PER_EPOCH } from './running';

const self = hosts();
const { start, keep } = self;
const resume = async (run: RunConnection): Promise<RunConnection> => keep(await resumeRun({ ...place, dir: run.dir, runId: run.runId }));
const LONG = 100_000;
const EPOCHS = 40;
const before = (epochs: number): string => model(epochs).replace("import { vae, sprites, adam } from", "import { vae, sprites, adam, elbo, linear, cosine } from");
/** Free bits, a beta that rises, gradients clipped, and a learning rate that falls. */
const after = (epochs: number): string => before(epochs).replace('latentDim: 3,', 'latentDim: 3, objective: elbo({ beta: linear({ to: 4, epochs: 5 }), freeBits: 0.1 }),')
  .replace('training: { ', 'training: { clipNorm: 1, ').replace('learningRate: 1e-3', 'learningRate: cosine({ from: 2e-3 })');
const edit = (text: string): Promise<void> => writeFile(path.join(self.top, 'small.vae.ts'), text);
const manifestOf = async (run: RunConnection) => (await run.api.request('snapshot', {})).manifest;
/** Resolves when its gradients are known to be right. */
const trusted = (run: RunConnection): Promise<void> => new Promise((resolve) => {
  const look = ({ gate }: { readonly gate?: unknown }): void => { if (gate !== undefined) { off(); resolve(); } };
  const off = run.api.on('manifest', look);
  void manifestOf(run).then(look);
});

describe('a model that is changed while it trains', () => {
  it.each(['wasm', 'compiled'])('goes on at the next step with its weights and moments, and is told (%s)', async (engine) => {
    const run = await start(before(LONG), { engine });
    await reached(run, 'running');
    await step(run, 20);
    await run.api.request('pause', {});
    const { manifest, metrics } = await run.api.request('snapshot', {});
    if (engine === 'compiled') await trusted(run);
    await edit(after(LONG));
    const { step: from, what } = await run.api.request('applyModel', {});
    expect(from).toBe(manifest.lastStep + 1);
    expect(what).toEqual(expect.arrayContaining(['objective.beta: 1 -> linear({ from: 0, to: 4, epochs: 5 })', 'objective.freeBits: none -> 0.1', 'training.clipNorm: none -> 1', 'training.optimizer.schedule: none -> cosine({ from: 0.002, to: 0, warmUpEpochs: 0 })']));
    await run.api.request('resume', {});
    await step(run, from + 10);
    const now = await run.api.request('snapshot', {});
    expect(now.manifest.changes).toMatchObject([{ step: from, what, source: after(LONG) }]);
    expect(now.manifest).toMatchObject({ source: before(LONG), state: { kind: 'running' } });
    const points = now.metrics.filter(({ split }) => split === 'train');
    const first = points.find((point) => point.step === from);
    expect(Object.keys(first?.parts ?? {})).toContain('countedKl');
    expect(first?.scheduled?.['beta']).toBeCloseTo(4 * (from - 1) / (5 * STEPS_PER_EPOCH) > 4 ? 4 : 4 * (from - 1) / (5 * STEPS_PER_EPOCH), 5);
    const last = metrics.filter(({ split }) => split === 'train').at(-1);
    expect(Math.abs((first?.parts['reconstruction'] ?? NaN) - (last?.parts['reconstruction'] ?? NaN))).toBeLessThan(0.2 * (last?.parts['reconstruction'] ?? NaN)); // not begun anew
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    const { checkpoint } = await new RunDirectory(run.dir).checkpoints.newest();
    expect(parseTrainerState(checkpoint?.trainer ?? '')).toMatchObject({ revision: 1 });
    expect(checkpoint?.tensors.find(({ name }) => name === 'optimizer/updates')?.data[0]).toBe(checkpoint?.step);
  });

  it('is the same bit for bit when it is killed after the change and resumed, and also from a checkpoint before it', async () => {
    const run = await start(before(EPOCHS));
    await step(run, 3);
    await run.api.request('pause', {});
    await edit(after(EPOCHS));
    const { step: from } = await run.api.request('applyModel', {});
    const changes = (await manifestOf(run)).changes ?? [];
    await run.api.request('resume', {});
    await reached(run, 'completed');
    const whole = await outcome(run.dir);
    expect(differences(await changed(async (again) => { await step(again, from + 30); await kill(again); return reached(await resume(again), 'completed'); }), whole)).toEqual([]);
    expect(differences(await changed(async (again) => {
      await kill(again);
      const directory = new RunDirectory(again.dir);
      await directory.rewind(-1); // as where its checkpoints are gone
      await directory.close();
      return reached(await resume(again), 'completed');
    }), whole)).toEqual([]);

    /** Another run, changed at the very step, to which something happens then. */
    async function changed(happens: (again: RunConnection) => Promise<unknown>) {
      const again = await start(before(EPOCHS));
      await reached(again, 'running');
      await kill(again);
      const directory = new RunDirectory(again.dir);
      await directory.rewind(-1);
      await directory.writeManifest({ ...await directory.readManifest(), changes });
      await directory.close();
      const resumed = await resume(again);
      await step(resumed, from);
      await happens(resumed);
      return outcome(again.dir);
    }
  }, 600_000); // seven hosts one after another

  it('waits with a change until its gradients were compared', async () => {
    await rm(path.join(self.top, 'state', 'gates'), { recursive: true, force: true });
    const run = await start(before(LONG), { engine: 'compiled' });
    const told: string[] = [];
    run.api.on('manifest', ({ gate, changes }) => { told.push(gate ? 'compared' : changes ? 'changed' : ''); });
    await step(run, 1);
    await edit(after(LONG));
    const { step: from } = await run.api.request('applyModel', {});
    await step(run, from + 3);
    expect(told.filter((what) => what !== '').slice(0, 2)).toEqual(['compared', 'changed']);
    await trusted(run);
    expect(await manifestOf(run)).toMatchObject({ state: { kind: 'running' }, changes: [{ step: from }], gate: { passed: true } });
  });

  it('waits with a change until an evaluation has ended', async () => {
    const run = await start(before(LONG), { engine: 'wasm' });
    await step(run, 3);
    const order: string[] = [];
    const begun = new Promise<void>((resolve) => { run.api.on('evaluating', () => { resolve(); }); });
    const evaluation = run.api.request('evaluate', { k: 100_000 }).catch((error: unknown) => { order.push(String(error)); });
    await begun;
    await edit(after(LONG));
    const change = run.api.request('applyModel', {}).then(({ step: from }) => { order.push('changed'); return from; });
    await expect(run.api.request('applyModel', {})).rejects.toThrow('The model is being changed already.'); // so it is waiting
    await run.api.request('cancelEvaluation', {});
    await Promise.all([evaluation, change]);
    expect(order).toEqual([expect.stringContaining('The evaluation was cancelled.'), 'changed']);
    await step(run, await change + 3);
    expect(await manifestOf(run)).toMatchObject({ state: { kind: 'running' }, changes: [{ step: await change }] });
  });

  it('comes again also while the gradients from before it are being compared', async () => {
    const run = await start(before(LONG), { engine: 'compiled' });
    await step(run, 8);
    await trusted(run);
    await run.api.request('pause', {});
    await edit(after(LONG));
    const { step: from, what } = await run.api.request('applyModel', {}); // it is paused: no checkpoint is behind the change
    await kill(run);
    await rm(path.join(self.top, 'state', 'gates'), { recursive: true, force: true }); // so that nothing is known of them
    const again = await resume(run);
    await step(again, from + 4);
    expect(await manifestOf(again)).toMatchObject({ state: { kind: 'running' }, changes: [{ step: from, what }] });
    await trusted(again);
    expect(await manifestOf(again)).toMatchObject({ gate: { passed: true } });
    await again.api.request('stop', {});
    await reached(again, 'stopped');
    const { checkpoint } = await new RunDirectory(run.dir).checkpoints.newest();
    expect(parseTrainerState(checkpoint?.trainer ?? '')).toMatchObject({ revision: 1 });
  });

  it('goes on as it was, and says why, where weights have other shapes, the file does not run, never ends, or ends its process', async () => {
    process.env['VAE_LAB_LOAD_MS'] = '25000';
    try {
      const run = await start(before(LONG));
      await step(run, 5);
      for (const [text, sentence] of [
        [before(LONG).replaceAll('units: 16', 'units: 24'), /"encoder\/1\/0-kernel" has the shape \[\d+, 24\] now, and \[\d+, 16\] in the run. That needs a run of its own/],
        [before(LONG).replace('latentDim: 3', 'latentDim: 4'), /latent space is another now/],
        [before(LONG).replace('batchSize: 32', 'batchSize: 16'), /batch size is 16 now/],
        [before(LONG).replace('trainCount: 192', 'trainCount: 128'), /data are others now/],
        [`${before(LONG)}throw new Error('not yet');`, /not yet/],
        [`${before(LONG)}process.exit(3);`, /ended the process/],
        [`${before(LONG)}for (;;);`, /did not finish loading within 25 s/],
        [before(1), /epochs are trained already/],
      ] as const) {
        await edit(text);
        if (text === before(1)) await step(run, 10);
        await expect(run.api.request('applyModel', {})).rejects.toThrow(sentence);
      }
      const { manifest } = await run.api.request('snapshot', {});
      expect(manifest).toMatchObject({ state: { kind: 'running' } });
      expect(manifest.changes).toBeUndefined();
      await step(run, manifest.lastStep + 5);
    } finally {
      delete process.env['VAE_LAB_LOAD_MS'];
    }
  }, 600_000); // a process is tried eight times

  it('keeps what a hand set and the text does not change, begins averages of another optimizer anew, and takes epochs from the text', async () => {
    const run = await start(before(LONG));
    await step(run, 5);
    await run.api.request('pause', {});
    await run.api.request('setHyperparameter', { name: 'beta', value: 3 });
    await edit(before(LONG).replace('adam({ learningRate: 1e-3 })', 'sgd({ learningRate: 1e-4, momentum: 0.9 })').replace(', adam,', ', sgd, adam,').replace(`epochs: ${LONG}`, 'epochs: 50000'));
    const { notice } = await run.api.request('applyModel', {});
    expect(notice).toMatch(/begin anew/);
    expect(await manifestOf(run)).toMatchObject({ epochs: 50_000, hyperparameters: { beta: 3, learningRate: 1e-4 }, state: { kind: 'paused' } });
    await run.api.request('stop', {});
    await reached(run, 'stopped');
  });

  it('is looked at, branched from and branched into with the text that its checkpoint was trained with', async () => {
    const run = await start(before(LONG), { keepEvery: 2 });
    await step(run, 8);
    await run.api.request('pause', {});
    await edit(after(LONG));
    const { step: from } = await run.api.request('applyModel', {});
    await run.api.request('resume', {});
    await step(run, from + 4);
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    await kill(run);
    const viewer = keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
    expect((await viewer.api.request('sample', { count: 1, seed: 1 })).count).toBe(1);
    await edit(after(LONG).replace('freeBits: 0.1', 'freeBits: 0.2'));
    const older = keep(await branchRun({ ...place, dir: run.dir, step: 2 }));
    await step(older, 4);
    expect((await manifestOf(older)).changes ?? []).toEqual([]);
    const edited = keep(await branchRun({ ...place, dir: run.dir, edited: true }));
    await step(edited, from + 10);
    const { changes = [] } = await manifestOf(edited);
    expect(changes.map(({ what }) => what)).toEqual([expect.arrayContaining(['objective.freeBits: none -> 0.1']), ['objective.freeBits: 0.1 -> 0.2']]);
    expect(await readFile(path.join(edited.dir, 'run.json'), 'utf8')).toContain('freeBits: 0.2');
  });
});
