import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest, MetricPoint } from '../../../src/protocol/run';
import { interrupted } from '../../../src/runs/interrupted';
import { NewerRunError } from '../../../src/runs/manifest';
import { RunDirectory } from '../../../src/runs/runDirectory';

const point = (step: number): MetricPoint => ({ step, epoch: 1, split: 'train', seconds: step, loss: 3, parts: { reconstruction: 2, kl: 1 } });
const manifest: Manifest = {
  schemaVersion: 1, id: 'r1', modelFile: 'a.vae.ts', modelName: 'a', source: '', createdAt: '', engine: 'cpu', device: 'CPU', seed: 1, epochs: 1, batchSize: 1, stepsPerEpoch: 1,
  latentDim: 2, imageShape: [1, 1, 1], testCount: 1, hyperparameters: {}, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, host: { pid: 1, startedAt: '', node: '' }, state: { kind: 'running' }, lastStep: 0,
};

let top: string;
beforeEach(async () => { top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(top, { recursive: true }));
const create = () => RunDirectory.create(path.join(top, '.vae-lab', 'runs', 'r1'));

describe('a run directory', () => {
  it('takes manifests written at once, and keeps the last', async () => {
    const directory = await create();
    await Promise.all(Array.from({ length: 20 }, (_, lastStep) => directory.writeManifest({ ...manifest, lastStep })));
    expect((await directory.readManifest()).lastStep).toBe(19);
  });
  it('leaves out a torn last line of metrics', async () => {
    const directory = await create();
    directory.appendMetrics([point(1), point(2)]);
    await directory.close();
    await appendFile(path.join(directory.dir, 'metrics.jsonl'), '{"step":3,"ep');
    expect(await directory.readMetrics()).toEqual([point(1), point(2)]);
  });
  it('opens as it was written before objectives named their parts', async () => {
    const directory = await create();
    await appendFile(path.join(directory.dir, 'metrics.jsonl'), '{"step":1,"epoch":1,"split":"train","seconds":1,"loss":3,"reconstruction":2,"kl":1}\n');
    expect(await directory.readMetrics()).toEqual([point(1)]);
    const old = {
      schemaVersion: 1, id: 'r1', modelFile: 'a.vae.ts', modelName: 'a', source: '', createdAt: '', engine: 'cpu', device: 'CPU', seed: 1, epochs: 1, batchSize: 1, stepsPerEpoch: 1,
      latentDim: 2, imageShape: [1, 1, 1], testCount: 1, hyperparameters: { learningRate: 0.1, beta: 2 }, host: { pid: 1, startedAt: '', node: '' }, state: { kind: 'completed' }, lastStep: 1,
    };
    await writeFile(path.join(directory.dir, 'run.json'), JSON.stringify(old));
    const { hyperparameterSpecs, prior } = await directory.readManifest();
    expect(Object.keys(hyperparameterSpecs)).toEqual(['learningRate', 'beta']);
    expect(prior).toEqual({ kind: 'standardNormal', kl: 'closed', range: [-3, 3] });
  });
  it('is kept out of version control', async () => {
    await create();
    expect(await readFile(path.join(top, '.vae-lab', '.gitignore'), 'utf8')).toBe('*\n');
  });
  it('is wound back to the end of a step, and rid of what a killed process left', async () => {
    const directory = await create();
    directory.appendMetrics([point(1), { ...point(1), split: 'test' }, point(2), point(3)]);
    await directory.syncLines();
    await appendFile(path.join(directory.dir, 'metrics.jsonl'), '{"step":4,"ep');
    for (const name of ['run.json.77.tmp', 'checkpoints/step-3.safetensors.77.tmp']) await writeFile(path.join(directory.dir, name), 'half');
    for (const step of [1, 2, 3]) await directory.checkpoints.write({ step, tensors: [], trainer: '{}' });
    expect(await directory.rewind(2)).toEqual([point(1), { ...point(1), split: 'test' }, point(2)]);
    expect(await readFile(path.join(directory.dir, 'metrics.jsonl'), 'utf8')).toMatch(/"step":2,[^\n]*\n$/);
    expect((await readdir(directory.dir, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await directory.checkpoints.steps()).toEqual([2, 1]);
    expect(await directory.rewind(-1)).toEqual([]);
  });
  it('says how far a run came whose host is gone', async () => {
    const directory = await create();
    directory.appendMetrics([point(1), point(2), { ...point(2), split: 'test', loss: 7 }]);
    await directory.syncLines();
    await appendFile(path.join(directory.dir, 'metrics.jsonl'), '{"step":9,"ep');
    expect(await interrupted(directory.dir, { ...manifest, lastStep: 1 })).toEqual({ ...manifest, lastStep: 2, lastLoss: 7, state: { kind: 'interrupted' } });
    await rm(path.join(directory.dir, 'metrics.jsonl'));
    expect((await interrupted(directory.dir, { ...manifest, lastStep: 1 })).lastStep).toBe(1);
  });
  it('of a later version is shown as far as it is understood, and refused to whoever would write it', async () => {
    const directory = await create();
    await writeFile(path.join(directory.dir, 'run.json'), JSON.stringify({ ...manifest, schemaVersion: 99, epochs: 'many', lastStep: 5, state: { kind: 'dreaming' } }));
    await expect(directory.readManifest()).rejects.toThrow(NewerRunError);
    expect((await directory.readSnapshot()).manifest).toMatchObject({ id: 'r1', modelName: 'a', epochs: 1, lastStep: 5, state: { kind: 'failed', error: { message: expect.stringMatching(/later version/) as string } } });
  });
});
