import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../src/protocol/run';
import { loadDataset } from '../../../src/host/datasets/index';
import { buildProgram, type NamedTensor } from '../../../src/host/engines/index';
import { Trainer, type TrainerState } from '../../../src/host/training/index';
import { cyclic, elbo, linear, sprites, vae, type Objective, type Schedule } from '../../../src/vae/index';
import { firstValues, hyperparametersOf, schedulesOf, specsOf } from '../../../src/vae/hyperparameters';
import { samplesOf } from '../../../src/vae/objectives/index';
import { scheduledValue } from '../../../src/vae/schedules';

describe('schedules of beta', () => {
  const at = (schedule: Schedule, steps: readonly number[]): number[] => steps.map((step) => scheduledValue(schedule, { step, totalSteps: 40, stepsPerEpoch: 10 }));
  it('rise linearly over the epochs asked for, and stay', () => {
    expect(at(linear({ to: 2, epochs: 2 }), [0, 5, 10, 20, 39])).toEqual([0, 0.5, 1, 2, 2]);
    expect(at(linear({ from: 4, to: 1, epochs: 0.5 }), [0, 1, 5])).toEqual([4, 3.4, 1]);
  });
  it('rise again in each cycle', () => {
    expect(at(cyclic({ cycles: 2, rising: 0.5 }), [0, 5, 10, 19, 20, 25, 39])).toEqual([0, 0.5, 1, 1, 0, 0.5, 1]);
  });
});

const make = (objective: Objective) => vae({
  data: sprites({ trainCount: 256, testCount: 32 }), latentDim: 3, objective, training: { epochs: 2, batchSize: 32, seed: 3 },
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })],
});
async function setUp(objective: Objective, saved?: { trainer: TrainerState; program: NamedTensor[] }) {
  const model = make(objective);
  const dataset = await loadDataset(model.data);
  const live = hyperparametersOf(model);
  const { program } = await buildProgram('wasm', model, 3, dataset.imageShape);
  if (saved) await program.setState(saved.program);
  const trainer = await Trainer.create({
    program, dataset, latentDim: model.latentDim, samples: samplesOf(model.objective), training: model.training, hyperparameters: firstValues(live, 16, 8), specs: specsOf(live), schedules: schedulesOf(live),
    ...(saved ? { resumeFrom: saved.trainer } : {}),
  });
  return { trainer, program };
}
async function run(trainer: Trainer, onStep: (step: number) => void = () => undefined): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  await trainer.run({ onPoint: (point) => { points.push({ ...point, seconds: 0 }); }, onEpochEnd: () => undefined, onStep });
  return points;
}
const train = (points: readonly MetricPoint[]): MetricPoint[] => points.filter(({ split }) => split === 'train');

describe('a training whose beta is scheduled', () => {
  const warmedUp = (): Objective => elbo({ beta: linear({ to: 1, epochs: 1 }) });
  it('weighs the KL divergence as the schedule has it at each step, and goes on so after it was resumed', async () => {
    const whole = await setUp(warmedUp());
    const points = await run(whole.trainer);
    expect(train(points).map(({ scheduled }) => scheduled)).toEqual(Array.from({ length: 16 }, (_, step) => ({ beta: Math.min(1, step / 8) })));
    for (const { loss, parts, scheduled } of train(points)) expect(loss).toBeCloseTo((parts['reconstruction'] ?? NaN) + (scheduled?.['beta'] ?? NaN) * (parts['kl'] ?? NaN), 2);
    const first = await setUp(warmedUp());
    const before = await run(first.trainer, (step) => { if (step === 5) first.trainer.stop(); });
    const second = await setUp(warmedUp(), { trainer: JSON.parse(JSON.stringify(first.trainer.getState())) as TrainerState, program: await first.program.getState() });
    expect([...before, ...await run(second.trainer)]).toEqual(points);
    for (const { program } of [whole, first, second]) program.dispose();
  });

  it('follows the hand that sets it from then on, also after it was resumed', async () => {
    const first = await setUp(warmedUp());
    const seen = await run(first.trainer, (step) => {
      if (step === 2) expect([first.trainer.isScheduled('beta'), first.trainer.setHyperparameter('beta', 3), first.trainer.isScheduled('beta')]).toEqual([true, 3, false]);
      if (step === 4) first.trainer.stop();
    });
    expect(train(seen).map(({ scheduled }) => scheduled)).toEqual([{ beta: 0 }, { beta: 1 / 8 }, { beta: 3 }, { beta: 3 }]);
    const second = await setUp(warmedUp(), { trainer: first.trainer.getState(), program: await first.program.getState() });
    const [next] = train(await run(second.trainer, () => { second.trainer.stop(); }));
    expect(next?.scheduled).toEqual({ beta: 3 });
    expect(next?.loss).toBeCloseTo((next?.parts['reconstruction'] ?? NaN) + 3 * (next?.parts['kl'] ?? NaN), 2);
    for (const { program } of [first, second]) program.dispose();
  });

  it('takes as many draws from the posterior a step as the objective asks for, and holds a capacity that rises', async () => {
    const { trainer, program } = await setUp(elbo({ gamma: 10, capacity: linear({ to: 8, epochs: 2 }), samples: 3 }));
    const points = train(await run(trainer));
    for (const { loss, parts, scheduled } of points) {
      expect(parts['capacityGap']).toBeCloseTo(Math.abs((parts['kl'] ?? NaN) - (scheduled?.['capacity'] ?? NaN)), 3);
      expect(loss).toBeCloseTo((parts['reconstruction'] ?? NaN) + 10 * (parts['capacityGap'] ?? NaN), 2);
    }
    expect(points.at(-1)?.scheduled).toEqual({ capacity: 7.5 });
    program.dispose();
  });
});
