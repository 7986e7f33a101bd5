import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest, MetricPoint } from '../../../src/protocol/run';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { decodeSafetensors, encodeSafetensors } from '../../../src/runs/safetensors';

const point = (step: number): MetricPoint => ({ step, epoch: 1, split: 'train', seconds: step, loss: 3, parts: { reconstruction: 2, kl: 1 } });
const tensors = [{ name: 'a', shape: [2, 1], data: Float32Array.of(1.5, -0) }, { name: 'b', shape: [], data: Float32Array.of(NaN) }];

let top: string;
beforeEach(async () => { top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(top, { recursive: true }));
const create = () => RunDirectory.create(path.join(top, '.vae-lab', 'runs', 'r1'));

describe('safetensors', () => {
  it('come back bit for bit', () => {
    expect(decodeSafetensors(encodeSafetensors(tensors, { step: '3' }))).toEqual({ tensors, metadata: { step: '3' } });
  });
  it('are refused when cut short', () => {
    const bytes = encodeSafetensors(tensors, {});
    for (const length of [0, 7, 20, bytes.length - 1]) expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(/cut short/);
  });
});

describe('a run directory', () => {
  it('takes manifests written at once, and keeps the last', async () => {
    const directory = await create();
    const manifest: Manifest = {
      schemaVersion: 1, id: 'r1', modelFile: 'a.vae.ts', modelName: 'a', source: '', createdAt: '', engine: 'cpu', device: 'CPU', seed: 1, epochs: 1, batchSize: 1, stepsPerEpoch: 1,
      latentDim: 2, imageShape: [1, 1, 1], testCount: 1, hyperparameters: {}, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, host: { pid: 1, startedAt: '', node: '' }, state: { kind: 'running' }, lastStep: 0,
    };
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
  it('keeps two checkpoints and falls back from a damaged one', async () => {
    const directory = await create();
    for (const step of [9, 10, 11]) await directory.writeCheckpoint({ step, tensors, trainer: `{"step":${step}}` });
    const folder = path.join(directory.dir, 'checkpoints');
    expect((await readdir(folder)).sort()).toEqual(['step-10.safetensors', 'step-11.safetensors']);
    expect(await directory.readCheckpoint()).toEqual({ step: 11, tensors, trainer: '{"step":11}' });
    await truncate(path.join(folder, 'step-11.safetensors'), 40);
    expect((await directory.readCheckpoint())?.step).toBe(10);
  });
});
