import { describe, expect, it } from 'vitest';
import { adam, adamw, cosine, elbo, linear, reduceOnPlateau, sprites, vae, type Objective, type OptimizerDescription } from '../../../src/vae/index';
import { firstValues, hyperparametersOf, schedulesOf, specsOf } from '../../../src/vae/hyperparameters';
import { loadDataset } from '../../../src/host/datasets/index';
import { buildProgram, type NamedTensor } from '../../../src/host/engines/index';
import { Trainer, type TrainerState } from '../../../src/host/training/index';
import { parseTrainerState } from '../../../src/host/training/trainerState';
import type { MetricPoint } from '../../../src/protocol/run';

const make = (optimizer: OptimizerDescription, epochs = 4, objective: Objective = elbo()) => vae({
  data: sprites({ trainCount: 256, testCount: 70 }), latentDim: 4, objective,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })],
  training: { epochs, batchSize: 32, optimizer, clipNorm: 50, seed: 3 },
});

async function setUp(model: ReturnType<typeof make>, resume?: { trainer: TrainerState; program: NamedTensor[] }) {
  const { data, latentDim, training } = model;
  const dataset = await loadDataset(data);
  const { program } = await buildProgram('compiled', model, training.seed, dataset.imageShape);
  if (resume) await program.setState(resume.program);
  const live = hyperparametersOf(model);
  const trainer = await Trainer.create({
    program, dataset, latentDim, training, hyperparameters: firstValues(live), specs: specsOf(live), schedules: schedulesOf(live), ...(resume ? { resumeFrom: resume.trainer } : {}),
  });
  return { trainer, program };
}
async function run(trainer: Trainer, onStep: (step: number) => void = () => undefined): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  await trainer.run({ onPoint: (point) => { points.push(point); }, onEpochEnd: (point) => { points.push(point); }, onStep });
  return points.map((point) => ({ ...point, seconds: 0 }));
}
const rates = (points: readonly MetricPoint[]): (number | undefined)[] => points.filter(({ split }) => split === 'train').map(({ scheduled }) => scheduled?.['learningRate']);

describe('a learning rate that follows a schedule', () => {
  it.each([
    ['the steps', adamw({ learningRate: cosine({ from: 3e-3, to: 1e-5, warmUpEpochs: 0.5 }) }), [7.5e-4, 3e-3, 4.748277e-5]],
    ['the held-out loss', adam({ learningRate: reduceOnPlateau({ from: 3e-3, factor: 0.5, patience: 0, threshold: 1e5 }) }), [3e-3, 3e-3, 7.5e-4]],
  ] as const)('changes with %s, and goes on where a stopped run left it, bit for bit', async (_, optimizer, [first, fourth, last]) => {
    const model = make(optimizer);
    const whole = await setUp(model);
    const points = await run(whole.trainer);
    const told = rates(points);
    expect(told).toHaveLength(32);
    expect(told[0]).toBeCloseTo(first, 8);
    expect(told[3]).toBeCloseTo(fourth, 8);
    expect(told[30]).toBeCloseTo(last, 8);
    for (const stopAt of [3, 16, 20]) {
      const stopped = await setUp(model);
      const before = await run(stopped.trainer, (step) => { if (step === stopAt) stopped.trainer.stop(); });
      const saved = { trainer: JSON.parse(JSON.stringify(stopped.trainer.getState())) as TrainerState, program: await stopped.program.getState() };
      const resumed = await setUp(model, saved);
      expect([...before, ...await run(resumed.trainer)]).toEqual(points);
      expect(await resumed.program.getState()).toEqual(await whole.program.getState());
      for (const { program } of [stopped, resumed]) program.dispose();
    }
    whole.program.dispose();
  });

  it('is a person\'s from the step on at which they set it, in a resumed run too', async () => {
    const model = make(adam({ learningRate: cosine({ from: 3e-3 }) }));
    const { trainer, program } = await setUp(model);
    expect(trainer.isScheduled('learningRate')).toBe(true);
    const before = await run(trainer, (step) => {
      if (step === 4) expect(trainer.setHyperparameter('learningRate', 1e-4)).toBe(5);
      if (step === 6) trainer.stop();
    });
    expect(rates(before).map((value) => value === 1e-4)).toEqual([false, false, false, false, true, true]); // its curve goes on
    expect([trainer.isScheduled('learningRate'), trainer.following, trainer.hyperparameters.learningRate]).toEqual([false, [], 1e-4]);
    const resumed = await setUp(model, { trainer: parseTrainerState(JSON.stringify(trainer.getState())), program: await program.getState() });
    expect(rates(await run(resumed.trainer)).every((value) => value === 1e-4)).toBe(true);
    expect(resumed.trainer.hyperparameters.learningRate).toBe(1e-4);
    for (const each of [program, resumed.program]) each.dispose();
  });
});

describe('a learning rate and a beta that follow schedules', () => {
  it('both begin at 0 and rise, and setting the one leaves the other on its schedule', async () => {
    const { trainer, program } = await setUp(make(adam({ learningRate: linear({ to: 1e-3, epochs: 1 }) }), 2, elbo({ beta: linear({ to: 4, epochs: 2 }) })));
    const points = (await run(trainer, (step) => { if (step === 8) trainer.setHyperparameter('learningRate', 5e-4); })).filter(({ split }) => split === 'train');
    expect(points.map(({ scheduled }) => scheduled)).toEqual(Array.from({ length: 16 }, (_, step) => ({ learningRate: step < 8 ? step / 8 * 1e-3 : 5e-4, beta: step / 4 })));
    expect([trainer.hyperparameters, trainer.following]).toEqual([{ learningRate: 5e-4, beta: 3.75 }, ['beta']]);
    program.dispose();
  });
});

describe('losses', () => {
  /** Of each epoch's end. */
  async function sinceOf(of: Trainer, onStep: (step: number) => void = () => undefined): Promise<number[]> {
    const since: number[] = [];
    await of.run({ onPoint: () => undefined, onEpochEnd: () => { since.push(of.comparableSince); }, onStep });
    return since;
  }
  const rising = make(adam({ learningRate: cosine({ from: 1e-3 }) }), 4, elbo({ beta: linear({ to: 4, epochs: 2 }) }));
  it('can be compared from the step on since which their weights are the same, in a resumed run too', async () => {
    const whole = await setUp(rising);
    expect(await sinceOf(whole.trainer)).toEqual([8, 16, 17, 17]); // the 17th is the first with the last beta
    const stopped = await setUp(rising);
    expect(await sinceOf(stopped.trainer, (step) => { if (step === 18) stopped.trainer.stop(); })).toEqual([8, 16]);
    const resumed = await setUp(rising, { trainer: stopped.trainer.getState(), program: await stopped.program.getState() });
    expect(await sinceOf(resumed.trainer)).toEqual([17, 17]);
    expect({ ...resumed.trainer.getState(), seconds: 0 }).toEqual({ ...whole.trainer.getState(), seconds: 0 });
    for (const { program } of [whole, stopped, resumed]) program.dispose();
  });
  it('are begun anew where a weight is set by hand, and not where the learning rate is; also where that came last before a checkpoint', async () => {
    const model = make(adam(), 3);
    const { trainer, program } = await setUp(model);
    const since = await sinceOf(trainer, (step) => {
      if (step === 4) trainer.setHyperparameter('learningRate', 1e-4);
      if (step === 11) trainer.setHyperparameter('beta', 2);
      if (step === 20) { trainer.setHyperparameter('beta', 3); trainer.stop(); }
    });
    expect(since).toEqual([0, 12]);
    expect(trainer.getState().comparableSince).toBe(21);
    const resumed = await setUp(model, { trainer: trainer.getState(), program: await program.getState() });
    expect(await sinceOf(resumed.trainer)).toEqual([21]);
    for (const each of [program, resumed.program]) each.dispose();
  });
  it('that grow with beta do not lower a learning rate that waits for them to fall', async () => {
    const { trainer, program } = await setUp(make(adam({ learningRate: reduceOnPlateau({ from: 1e-6, factor: 0.5, patience: 0, to: 1e-9 }) }), 4, elbo({ beta: linear({ from: 1, to: 1000, epochs: 4 }) })));
    const points = await run(trainer);
    const losses = points.filter(({ wholeSet }) => wholeSet).map(({ loss }) => loss);
    expect(losses).toEqual([...losses].sort((a, b) => a - b));
    expect(new Set(rates(points))).toEqual(new Set([1e-6]));
    program.dispose();
  });
});

describe('what a step\'s point tells of gradients', () => {
  it('is their norm, and of some steps each layer\'s, which make up the whole', async () => {
    const { trainer, program } = await setUp(make(adam(), 13));
    const points = (await run(trainer)).filter(({ split }) => split === 'train');
    expect(points.every(({ gradientNorm }) => (gradientNorm ?? 0) > 0)).toBe(true);
    const told = points.filter(({ layers }) => layers !== undefined);
    expect(told.map(({ step }) => step)).toEqual([1, 50, 100]);
    for (const { layers = {}, gradientNorm } of told) {
      expect(Object.keys(layers).sort()).toEqual(['decoder/0', 'encoder/1', 'logVariance', 'mean', 'output']);
      expect(Math.hypot(...Object.values(layers).map((layer) => layer.gradientNorm)) / (gradientNorm ?? NaN)).toBeCloseTo(1, 6);
      expect(Object.values(layers).every(({ updateRatio }) => updateRatio > 1e-5 && updateRatio < 1)).toBe(true);
    }
    program.dispose();
  });
});
