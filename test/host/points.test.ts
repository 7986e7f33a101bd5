import { describe, expect, it } from 'vitest';
import { Points } from '../../src/host/points';
import { pointsOf } from '../../src/runs/packedPoints';
import { readSnapshot } from '../../src/client/readSnapshot';
import type { HostApi } from '../../src/protocol/hostApi';
import { encodeFrame, FrameReader } from '../../src/wire/frames';
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
  it('are told packed where there are many, but for the newest, and read as they were', async () => {
    expect(new Points(points).told).toEqual({ metrics: points });
    const many = Array.from({ length: 23_456 }, (_, i) => point(i + 1));
    const { metrics, older = new Uint8Array() } = new Points(many).told;
    expect([metrics[0]?.step, metrics.length]).toEqual([3001, 20_456]);
    expect(older.length).toBeLessThan(3000 * 120);
    const [answer] = new FrameReader().push(encodeFrame({ metrics, older })); // as it comes through the wire
    const api = { request: () => Promise.resolve(answer) } as unknown as HostApi;
    expect((await readSnapshot(api)).metrics).toEqual(many);
    expect(Array.from(new Points(many).inPieces()).flat()).toEqual(many);
    for (const torn of [older.subarray(0, 3), older.subarray(0, 100), Uint8Array.from([1, 0, 0, 0, 7])]) expect(() => pointsOf(torn)).toThrow();
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
