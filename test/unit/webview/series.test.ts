import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../src/protocol/run';
import { columnsOf } from '../../../src/webview/charts/series';

const point = (step: number, split: 'train' | 'test', loss: number, wholeSet?: boolean): MetricPoint => ({ step, epoch: 1, split, seconds: step / 10, loss, parts: { reconstruction: loss / 2, kl: 1 }, ...(wholeSet ? { wholeSet } : {}) });
const loss = (point: MetricPoint): number => point.loss;

describe('columnsOf', () => {
  it('puts points of one step beside one another, each split in its column', () => {
    const points = [point(1, 'train', 9), point(1, 'test', 8), point(2, 'train', 7), point(2, 'test', 6, true)];
    expect(columnsOf(points, loss, 'step')).toEqual([[1, 2], [9, 7], [8, null], [null, 6]]);
    expect(columnsOf(points, ({ parts }) => parts['reconstruction'], 'seconds')).toEqual([[0.1, 0.2], [4.5, 3.5], [4, null], [null, 3]]);
  });
  it('leaves out points that do not have the quantity', () => {
    const points = [{ ...point(1, 'train', 9), gradientNorm: 3 }, point(1, 'test', 8), point(2, 'train', 7), { ...point(3, 'train', 7), gradientNorm: 2 }];
    expect(columnsOf(points, ({ gradientNorm }) => gradientNorm, 'step')).toEqual([[1, 3], [3, 2], [null, null], [null, null]]);
  });
  it('thins a long run, keeping every held-out point and the last', () => {
    const points = Array.from({ length: 50_000 }, (_, i) => point(i + 1, 'train', i)).flatMap((train) => (train.step % 5000 === 0 ? [train, point(train.step, 'test', 1, true)] : [train]));
    const [xs, train, , whole] = columnsOf(points, loss, 'step');
    expect(xs.length).toBeLessThan(2100);
    expect(whole.filter((value) => value !== null)).toHaveLength(10);
    expect(xs.at(-1)).toBe(50_000);
    expect(train.length).toBe(xs.length);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
  });
});
