import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { afterEpoch, cosine, reduceOnPlateau, scheduledValue, stepDecay, type PlateauState, type Schedule } from '../../../src/vae/schedules';

const values = z.array(z.number());
const pytorch = z.object({
  stepsPerEpoch: z.number(), totalSteps: z.number(), losses: values, stepDecay: values, cosine: values, cosineWarmedUp: values, plateau: values, plateauWithThreshold: values,
}).parse(JSON.parse(readFileSync('test/fixtures/schedules.json', 'utf8')));
const { stepsPerEpoch, totalSteps, losses } = pytorch;
const worst = (ours: readonly number[], theirs: readonly number[]): number => Math.max(...theirs.map((value, i) => Math.abs((ours[i] ?? NaN) / value - 1)));

describe('schedules', () => {
  it.each([
    ['stepDecay', stepDecay({ from: 1e-2, factor: 0.3, everyEpochs: 2 })], ['cosine', cosine({ from: 1e-3, to: 1e-5 })], ['cosineWarmedUp', cosine({ from: 1e-3, to: 1e-5, warmUpEpochs: 1 })],
  ] as const)('equal PyTorch\'s at every step: %s', (name, schedule) => {
    expect(worst(Array.from({ length: totalSteps }, (_, step) => scheduledValue(schedule, { step, totalSteps, stepsPerEpoch })), pytorch[name])).toBeLessThan(1e-9);
  });

  it.each([
    ['plateau', reduceOnPlateau({ from: 1e-2, factor: 0.5, patience: 1 })], ['plateauWithThreshold', reduceOnPlateau({ from: 1e-2, factor: 0.1, patience: 2, threshold: 0.5, to: 5e-4 })],
  ] as const)('equal PyTorch\'s after every held-out loss: %s', (name, schedule) => {
    let state: PlateauState | undefined;
    const ours = losses.map((loss, epoch) => {
      const value = scheduledValue(schedule, { step: epoch * stepsPerEpoch, totalSteps, stepsPerEpoch }, state);
      state = JSON.parse(JSON.stringify(afterEpoch(schedule, state, loss))) as PlateauState; // as a checkpoint keeps it
      return value;
    });
    expect(new Set(ours).size).toBeGreaterThan(2);
    expect(worst(ours, pytorch[name])).toBeLessThan(1e-9);
  });

  it('keep a falling loss below 0 from reducing the rate', () => {
    const schedule: Schedule = reduceOnPlateau({ from: 1, patience: 0 });
    const falling = [-100, -100.001, -100.002].reduce<PlateauState | undefined>((state, loss) => afterEpoch(schedule, state, loss), undefined);
    expect(falling).toEqual({ value: 1, best: -100.002, waited: 0 });
  });

  it('refuse what makes no sense, in a sentence', () => {
    expect(() => cosine({ from: 0 })).toThrow('cosine(): from must be a number above 0');
    expect(() => cosine({ from: 1e-3, to: 1e-2 })).toThrow('cosine(): to must be a number of at least 0 and at most 0.001; got 0.01.');
    expect(() => stepDecay({ from: 1e-3, everyEpochs: 0 })).toThrow('stepDecay(): everyEpochs');
    expect(() => reduceOnPlateau({ from: 1e-3, factor: 2 })).toThrow('reduceOnPlateau(): factor');
  });
});
