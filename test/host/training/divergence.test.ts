import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepDivergence } from '../../../src/host/keepDivergence';
import { ExplodedLossError, ExplosionWatch, NonFiniteLossError, type StepGiven } from '../../../src/host/training/divergence';
import type { TrainerState } from '../../../src/host/training/index';
import type { MetricPoint } from '../../../src/protocol/run';
import { RunDirectory } from '../../../src/runs/runDirectory';

const given = (values: StepGiven['values']): StepGiven => ({ batch: { count: 1, data: Float32Array.of(0.5) }, noise: Float32Array.of(0), values, split: 'train' });
const rate = (learningRate: number, more = {}): StepGiven => given({ learningRate, beta: 1, ...more });
const loss = (reconstruction: number, kl = 0) => ({ loss: reconstruction + kl, parts: { reconstruction, kl } });

describe('an exploding loss', () => {
  it('is a thousand times that of the first step, whatever its sign', () => {
    const watch = new ExplosionWatch();
    watch.check(1, rate(1e-3), loss(500, 100));
    watch.check(2, rate(10), loss(500_000, 90_000));
    expect(() => { watch.check(3, rate(10), loss(-500_000, 101_000)); }).toThrow('The loss exploded at step 3: reconstruction -500000, KL 101000, against 600 nats at the start.');
    expect(() => { new ExplosionWatch(600).check(3, rate(10), loss(700_000)); }).toThrow(ExplodedLossError); // as a checkpoint holds it
  });
  it('is none where a hyperparameter made the loss another', () => {
    const watch = new ExplosionWatch();
    watch.check(1, rate(1e-3, { sigma: 1 }), loss(1));
    watch.check(2, rate(1e-3, { sigma: 1e-3 }), loss(1e6));
    watch.check(3, rate(1e-3, { sigma: 1e-3 }), loss(1e9));
    expect(() => { watch.check(4, rate(1e-3, { sigma: 1e-3 }), loss(1.1e9)); }).toThrow(ExplodedLossError);
  });
});

describe('the last healthy checkpoint', () => {
  it('has finite weights and a loss no higher than at first', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-'));
    const directory = await RunDirectory.create(dir);
    const point = (step: number, value: number): MetricPoint => ({ step, epoch: 1, split: 'train', seconds: 0, loss: value, parts: {} });
    const metrics = [point(1, 700), point(5, 300), point(10, 280), point(15, 900), point(20, 250)];
    const words = Array.from({ length: 16 }, () => 1);
    const state: TrainerState = { step: 5, seconds: 0, hyperparameters: { learningRate: 0.5 }, shuffle: { words: [1, 2, 3, 4], spare: null }, feed: { noise: words, pixels: words, corruption: words } };
    const marks = [{ step: 21, seconds: 0, name: 'learningRate', from: 0.05, to: 10 }];
    const write = (step: number, weight: number): Promise<void> => directory.checkpoints.write({ step, tensors: [{ name: 'w', shape: [1], data: Float32Array.of(weight) }], trainer: JSON.stringify(state) });
    const error = new NonFiniteLossError(21, given({ learningRate: 1 }), loss(NaN));
    expect(await keepDivergence(directory, error, [1, 1, 1], { metrics, marks })).toBeUndefined();
    await write(5, 1);
    await write(10, NaN);
    await write(15, 1);
    expect(await keepDivergence(directory, error, [1, 1, 1], { metrics, marks })).toEqual({ step: 5, learningRate: 0.05 });
    await write(20, 1);
    expect(await keepDivergence(directory, error, [1, 1, 1], { metrics, marks })).toEqual({ step: 20, learningRate: 0.05 }); // changed since, though the checkpoint holds it
    expect(await keepDivergence(directory, error, [1, 1, 1], { metrics, marks: [] })).toEqual({ step: 20, learningRate: 0.5 });
    await rm(dir, { recursive: true });
    expect(await keepDivergence(directory, error, [1, 1, 1], { metrics, marks })).toBeUndefined(); // nothing can be kept
  });
});
