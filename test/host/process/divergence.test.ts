import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { branchRun } from '../../../src/client/resumeRun';
import { canResume } from '../../../src/protocol/run';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { decodeSafetensors } from '../../../src/runs/safetensors';
import { divergenceFixes } from '../../../src/spec/divergenceFixes';
import { hosts, model, place, reached, step } from './running';

const { start, keep } = hosts();
const withTraining = (epochs: number, training: string): string => model(epochs).replace('vae, sprites, adam', 'vae, sprites, adam, sgd').replace('optimizer: adam({ learningRate: 1e-3 })', training);

describe('a loss that diverges', () => {
  it.each([
    ['lowerLearningRate', 'optimizer: sgd({ learningRate: 0.1 })', 'optimizer: sgd({ learningRate: 0.01 })'],
    ['clipGradients', 'optimizer: sgd({ learningRate: 0.1 })', 'optimizer: sgd({ learningRate: 0.1 }), clipNorm: 1'],
    ['boundLogVariance', 'clipNorm: 1, optimizer: adam({ learningRate: 0.7 })', 'logVarianceLimit: 10'],
  ])('ends the run, and no longer does with the fix %s', async (kind, training, written) => {
    const text = withTraining(20, training);
    expect(await reached(await start(text), 'failed')).toMatchObject({ error: { code: 'nonFinite', message: expect.stringMatching(/^The loss exploded at step \d: /) as string } });
    const { edits = [] } = divergenceFixes(text, 'small', 1e-3).find((fix) => fix.kind === kind) ?? {};
    const fixed = [...edits].sort((a, b) => b.start - a.start).reduce((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
    expect(fixed).toContain(written);
    const run = await start(fixed);
    await reached(run, 'completed');
    const { metrics: [first, ...rest] } = await run.api.request('snapshot', {});
    expect(rest.at(-1)?.loss).toBeLessThan(first?.loss ?? 0);
  });

  it('leaves the batch, and a checkpoint from before from which another run goes on', async () => {
    const run = await start(withTraining(100_000, 'optimizer: sgd({ learningRate: 1e-2 })'));
    await step(run, 60);
    await run.api.request('setHyperparameter', { name: 'learningRate', value: 10 });
    const state = await reached(run, 'failed');
    if (state.kind !== 'failed') throw new Error('It did not fail.');
    const { healthy: { step: healthyStep, learningRate } = { step: -1, learningRate: NaN }, message } = state.error;
    expect(learningRate).toBe(0.01);
    const { manifest: { lastStep, stepsPerEpoch }, metrics } = await run.api.request('snapshot', {});
    const failed = Number(/at step (\d+)/.exec(message)?.[1]);
    expect([failed, canResume({ state, stepsPerEpoch })]).toEqual([lastStep + 1, false]);
    expect(healthyStep).toBeLessThan(failed);
    expect(metrics.find((point) => point.step === healthyStep)?.loss).toBeLessThan(metrics[0]?.loss ?? 0);
    const { tensors, metadata } = decodeSafetensors(await readFile(path.join(run.dir, 'diverged', 'batch.safetensors')));
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([['images', [32, 32, 32, 1]], ['noise', [96]], ['labels', [32]]]);
    expect(metadata).toMatchObject({ step: String(failed), split: 'train', hyperparameters: JSON.stringify({ learningRate: 10, beta: 1 }) });
    const picture = decode(await readFile(path.join(run.dir, 'diverged', 'batch.png')));
    expect([picture.width, picture.height, Math.max(...picture.data)]).toEqual([16 * 32, 2 * 32, 255]);
    expect(Buffer.from(picture.data.slice(0, 32))).toEqual(Buffer.from((tensors[0]?.data ?? []).slice(0, 32).map((value) => Math.round(value * 255))));
    const branch = keep(await branchRun({ ...place, dir: run.dir, step: healthyStep, set: { learningRate: 1e-3 }, epochs: Math.ceil(healthyStep / stepsPerEpoch) + 5 }));
    await reached(branch, 'completed');
    expect((await new RunDirectory(branch.dir).readManifest()).parent).toEqual({ id: run.runId, step: healthyStep });
  });
});
