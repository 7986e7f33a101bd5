import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { adam, bernoulli, elbo, gaussian, generator, maskPixels, npy, rmsprop, sgd, shown, sprites, vae, type DataDescription, type Likelihood, type OptimizerDescription } from '../../../src/vae/index';
import { firstValues, hyperparametersOf, schedulesOf, specsOf } from '../../../src/vae/hyperparameters';
import { samplesOf } from '../../../src/vae/objectives/index';
import { factsOf, loadDataset } from '../../../src/host/datasets/index';
import { buildProgram, type Program } from '../../../src/host/engines/index';
import { NonFiniteLossError, Trainer, type TrainerState } from '../../../src/host/training/index';
import type { MetricPoint } from '../../../src/protocol/run';
import type { EngineName } from '../../../src/spec/engines';
import { array } from '../datasets/places';

const make = (optimizer: OptimizerDescription = adam(), trainCount = 256, likelihood: Likelihood = bernoulli(), data: DataDescription = sprites({ trainCount, testCount: 70 })) => vae({
  likelihood, data, latentDim: 4,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 32, activation: 'relu' }), layers.dropout({ rate: 0.1 })],
  decoder: ({ layers }) => [layers.dense({ units: 32, activation: 'relu' })],
  objective: elbo(), training: { epochs: 2, batchSize: 32, optimizer, seed: 3 },
});

async function setUp(model: ReturnType<typeof make>, resume?: { trainer: TrainerState; program: Awaited<ReturnType<Program['getState']>> }, engine: EngineName = 'wasm', memoryLimit?: number) {
  const dataset = await loadDataset(model.data, { memoryLimit });
  const live = hyperparametersOf(model);
  const { program } = await buildProgram(engine, model, model.training.seed, dataset.imageShape, { data: factsOf(dataset) });
  if (resume) await program.setState(resume.program);
  const trainer = await Trainer.create({
    program, dataset, latentDim: model.latentDim, training: model.training,
    samples: samplesOf(model.objective), hyperparameters: firstValues(live), specs: specsOf(live), schedules: schedulesOf(live), ...(resume ? { resumeFrom: resume.trainer } : {}),
  });
  return { trainer, program, dataset };
}
async function run(trainer: Trainer, stopAt = Infinity): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  await trainer.run({
    onPoint: (point) => { points.push(point); }, onEpochEnd: (point) => { points.push(point); },
    onStep: (step) => { if (step === stopAt) trainer.stop(); },
  });
  return points.map((point) => ({ ...point, seconds: 0 }));
}

describe('Trainer', () => {
  it.each([
    ['wasm', 'adam', adam()], ['wasm', 'momentum', sgd({ momentum: 0.9 })], ['wasm', 'rmsprop', rmsprop()],
    ['compiled', 'adam', adam()], ['compiled', 'momentum', sgd({ momentum: 0.9 })], ['compiled', 'rmsprop', rmsprop()],
  ] as const)('gives the same run for the same seed, stopped or not (%s, %s)', async (engine, _, optimizer) => {
    const model = make(optimizer);
    const whole = await setUp(model, undefined, engine);
    const points = await run(whole.trainer);
    expect(whole.trainer.step).toBe(16);
    for (const stopAt of [3, 8]) {
      const first = await setUp(model, undefined, engine);
      const before = await run(first.trainer, stopAt);
      const saved = { trainer: JSON.parse(JSON.stringify(first.trainer.getState())) as TrainerState, program: await first.program.getState() };
      const second = await setUp(model, saved, engine);
      expect([...before, ...await run(second.trainer)]).toEqual(points);
      expect(await second.program.getState()).toEqual(await whole.program.getState());
      for (const { program } of [first, second]) program.dispose();
    }
    whole.program.dispose();
  });

  const generated = generator({
    shape: [3, 2, 1], trainCount: 40, testCount: 8, binarization: 'dynamic',
    *train({ random }) { for (;;) yield Float32Array.from({ length: 6 * 7 }, () => random.uniform()); },
    *test({ random }) { for (;;) yield Float32Array.from({ length: 6 }, () => random.uniform()); },
  });
  it.each([
    ['dynamic binarization and corruption', sprites({ trainCount: 256, testCount: 70, validation: 64, binarization: 'dynamic', corruption: maskPixels() }), 6],
    ['examples in a file', npy(array('float32.npy'), { test: 2, validation: 2, binarization: 'dynamic' }), 2],
    ['generated examples', generated, 3],
  ] as const)('is resumed bit for bit on %s', async (_, data, stopAt) => {
    for (const engine of ['wasm', 'compiled'] as const) {
      const given = make(adam(), 0, bernoulli(), data);
      const model = { ...given, training: { ...given.training, batchSize: Math.min(32, data.kind === 'npy' ? 4 : 10) } };
      const whole = await setUp(model, undefined, engine, 1);
      const points = await run(whole.trainer);
      const first = await setUp(model, undefined, engine, 1);
      const before = await run(first.trainer, stopAt);
      const saved = { trainer: JSON.parse(JSON.stringify(first.trainer.getState())) as TrainerState, program: await first.program.getState() };
      const second = await setUp(model, saved, engine, 1);
      expect([...before, ...await run(second.trainer)]).toEqual(points);
      expect(await second.program.getState()).toEqual(await whole.program.getState());
      for (const { program } of [whole, first, second]) program.dispose();
    }
  });

  it('gives labels to an objective that asks for them, where training and held-out examples have them', async () => {
    const labelled = (testLabels: boolean): ReturnType<typeof make> => vae({
      ...given, data: npy(array('float32.npy'), { test: array('float32.npy'), labels: array('labels-int64.npy'), ...(testLabels ? { testLabels: array('labels-int64.npy') } : {}) }),
      objective: ({ z, decode, negativeLogLikelihood, prior, labels }) => ({ reconstruction: negativeLogLikelihood(decode(z)), kl: prior.kl(), classed: shown(tf.sum(labels, 1)) }),
    });
    const { kind: _, ...given } = make(adam());
    for (const engine of ['wasm', 'compiled'] as const) {
      const { trainer, program } = await setUp(labelled(true), undefined, engine);
      const points = await run(trainer);
      expect(points.map(({ split }) => split)).toContain('test');
      expect(new Set(points.map(({ parts }) => parts['classed']))).toEqual(new Set([1]));
      program.dispose();
      await expect(setUp(labelled(false), undefined, engine)).rejects.toThrow('The objective asks for labels, and the data have none.');
      const unasked = await setUp({ ...labelled(false), objective: elbo() }, undefined, engine);
      await run(unasked.trainer);
      unasked.program.dispose();
    }
  });

  it('gives the encoder the corrupted pictures, and holds the reconstruction against the clean ones, on every engine alike', async () => {
    const model = make(adam(), 0, bernoulli(), sprites({ trainCount: 64, testCount: 70, corruption: maskPixels({ share: 0.5 }) }));
    const given = await Promise.all((['wasm', 'compiled'] as const).map(async (engine) => {
      const { program, dataset } = await setUp(model, undefined, engine);
      const batch = dataset.batch('test', [0, 1, 2, 3]);
      const { data, corrupted = new Float32Array(0) } = batch;
      const evaluate = async (x: Float32Array, seen: Float32Array) => (await program.evaluate({ count: 4, data: x, corrupted: seen }, new Float32Array(16), { learningRate: 0, beta: 1 }));
      const [both, cleanAlone, corruptedAlone] = [await evaluate(data, corrupted), await evaluate(data, data), await evaluate(corrupted, corrupted)];
      expect(both.parts['kl']).toBe(corruptedAlone.parts['kl']); // of what the encoder is given
      expect(both.parts['kl']).not.toBeCloseTo(cleanAlone.parts['kl'] ?? NaN, 3);
      expect(both.parts['reconstruction']).not.toBeCloseTo(corruptedAlone.parts['reconstruction'] ?? NaN, 3);
      expect((await program.encode(batch)).mean).toEqual((await program.encode({ count: 4, data: corrupted })).mean);
      const gradients = await program.gradients(batch, new Float32Array(16), { learningRate: 0, beta: 1 });
      program.dispose();
      return { loss: both.loss, ...both.parts, largest: Math.max(...gradients.flatMap(({ data: values }) => [...values]).map(Math.abs)) };
    }));
    const [wasm, compiled] = given.map((numbers): Record<string, number> => numbers);
    for (const part of ['loss', 'kl', 'reconstruction', 'largest']) expect((wasm?.[part] ?? NaN) / (compiled?.[part] ?? NaN)).toBeCloseTo(1, 4);
  });

  it('learns sprites, and leaks no tensor', async () => {
    const { trainer, program } = await setUp(make(adam({ learningRate: 3e-3 }), 1024));
    const counts: number[] = [];
    const points: MetricPoint[] = [];
    await trainer.run({ onPoint: (point) => { points.push(point); }, onEpochEnd: () => undefined, onStep: () => { counts.push(tf.memory().numTensors); } });
    expect(new Set(counts).size).toBe(1);
    const train = points.filter((point) => point.split === 'train').map((point) => point.loss);
    expect(train.at(-1)).toBeLessThan(0.6 * (train[0] ?? 0));
    expect(points.some((point) => point.split === 'test')).toBe(true);
    program.dispose();
  });

  it('pauses, serves views meanwhile, changes hyperparameters at the next step, and stops', async () => {
    const { trainer, program } = await setUp(make());
    trainer.pause();
    const seen: number[] = [];
    const ended = trainer.run({ onPoint: () => undefined, onEpochEnd: () => undefined, onStep: (step) => { seen.push(step); if (step === 2) trainer.stop(); } });
    expect(await trainer.exclusive(() => program.decode(new Float32Array(8), 2))).toHaveLength(2 * 32 * 32);
    expect(seen).toEqual([]);
    expect(trainer.setHyperparameter('beta', 4)).toBe(1);
    expect(() => trainer.setHyperparameter('beta', -1)).toThrow('beta must be');
    trainer.resume();
    expect(await ended).toBe('stopped');
    expect(seen).toEqual([1, 2]);
    program.dispose();
  });

  it('ends with the step when the loss is not finite', async () => {
    const { trainer, program } = await setUp(make(sgd({ learningRate: 10 }), undefined, gaussian({ sigma: 1e-6 }))); // so steep that the first update overflows: a loss that only explodes ends a run too
    await expect(trainer.run({ onPoint: () => undefined, onEpochEnd: () => undefined })).rejects.toBeInstanceOf(NonFiniteLossError);
    program.dispose();
  });

  it('reports no number that is not finite, the held-out loss included: JSON has no word for it', async () => {
    const { trainer, program } = await setUp(make(sgd({ learningRate: 10 }), 32, gaussian({ sigma: 1e-6 }))); // one step an epoch: held-out losses overflow first
    const points: MetricPoint[] = [];
    const record = (point: MetricPoint): void => { points.push(point); };
    await expect(trainer.run({ onPoint: record, onEpochEnd: record })).rejects.toBeInstanceOf(NonFiniteLossError);
    expect(points.filter(({ loss, parts }) => ![loss, ...Object.values(parts)].every(Number.isFinite))).toEqual([]);
    program.dispose();
  });
});
