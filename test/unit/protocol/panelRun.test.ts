import { describe, expect, it } from 'vitest';
import { COARSE_POINTS, coarseRun, packRun, panelRunSchema, unpackRun } from '../../../src/protocol/panelRun';
import type { MetricPoint } from '../../../src/protocol/run';
import { shownRun } from '../../../src/protocol/shownRun';
import { manifestOf } from '../runs/manifestOf';

const runOf = (steps: number) => shownRun({
  manifest: manifestOf(), marks: [],
  metrics: Array.from({ length: steps }, (_, i) => i + 1).flatMap((step): MetricPoint[] => {
    const point: MetricPoint = { step, epoch: 1, split: 'train', seconds: step / 3, loss: 1 / step, parts: { kl: step } };
    return [point, ...(step % 10 === 0 ? [{ ...point, split: 'test' as const }] : [])];
  }),
});

describe('a run on its way to a panel', () => {
  it('arrives as it was', () => {
    const run = runOf(30);
    expect(coarseRun(run)).toBe(run);
    expect(unpackRun(panelRunSchema.parse(packRun(run)))).toEqual(run);
  });
  it.each([COARSE_POINTS + 1, 2 * COARSE_POINTS, 123_457])('of %i steps is shown by points from the first to the last, in order, each whole', (count) => {
    const { history: { tracks: { train, test } }, isCoarse } = unpackRun(panelRunSchema.parse(packRun(coarseRun(runOf(count)))));
    expect([isCoarse, train.steps.at(0), train.steps.at(-1)]).toEqual([true, 1, count]);
    expect(train.length).toBeLessThanOrEqual(COARSE_POINTS);
    expect(train.length).toBeGreaterThan(COARSE_POINTS / 3);
    const steps = [...train.steps];
    expect(steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0))).toBe(true);
    expect(train.columns.get('part:kl')).toEqual(train.steps);
    expect([...train.seconds]).toEqual(steps.map((step) => step / 3));
    expect(test.columns.get('part:kl')).toEqual(test.steps);
    expect(test.steps.at(-1)).toBe(count - count % 10);
  });
});
