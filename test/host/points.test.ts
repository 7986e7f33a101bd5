import { describe, expect, it } from 'vitest';
import { Points } from '../../src/host/points';
import type { MetricPoint } from '../../src/protocol/run';

const point = (step: number): MetricPoint => ({
  step, epoch: 1 + Math.floor(step / 50), split: step % 7 === 0 ? 'test' : 'train', seconds: Math.sqrt(step) / 3, loss: 500 * Math.exp(-step / 300) + 1 / 3, parts: { reconstruction: Math.fround(step / 7), kl: 1e-300 * step },
  ...(step % 10 === 0 ? { gradientNorm: step * Math.PI, layers: { 'encoder/1': { gradientNorm: 1 / step, updateRatio: 2 ** -40 } } } : {}), ...(step % 14 === 0 ? { wholeSet: true } : {}), ...(step % 11 === 0 ? { scheduled: { beta: step / 11 } } : {}),
});
const points = Array.from({ length: 4321 }, (_, i) => point(i + 1));

describe('the points of a run', () => {
  it('come back as they were, in their order, however many', () => {
    for (const count of [0, 1, 999, 1000, 1001, 4321]) {
      const kept = new Points(points.slice(0, count));
      expect(kept.all).toEqual(points.slice(0, count));
      expect(kept.last).toEqual(points[count - 1]);
    }
  });
  it('are replaced by others', () => {
    const kept = new Points(points);
    kept.replace(points.slice(0, 1500));
    kept.push(point(1501));
    expect(kept.all).toEqual(points.slice(0, 1501));
    kept.replace([]);
    expect([kept.all, kept.last]).toEqual([[], undefined]);
  });
});
