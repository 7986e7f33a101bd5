import { describe, expect, it } from 'vitest';
import fixture from '../../fixtures/evaluation.json';
import { medianDistance, mmdSquared, squaredDistances } from '../../../src/host/evaluation/mmd';
import { Random } from '../../../src/host/training/index';

const { mmd } = fixture;
async function statistic(x: Float32Array, y: Float32Array, size: number, bandwidth?: number) {
  const [xx, yy, xy] = [await squaredDistances(x, x, size), await squaredDistances(y, y, size), await squaredDistances(x, y, size)];
  const n = x.length / size;
  const width = bandwidth ?? medianDistance(yy, n);
  return { width, ...mmdSquared({ xx, yy, xy }, n, width) };
}

describe('the two-sample statistic', () => {
  it('is PyTorch\'s, and so is its bandwidth', async () => {
    const { width, value } = await statistic(Float32Array.from(mmd.x), Float32Array.from(mmd.y), mmd.size);
    expect(width).toBeCloseTo(mmd.bandwidth, 6);
    expect(value).toBeCloseTo(mmd.value, 6);
  });
  /** Two-dimensional normals, the second moved by `shift`, drawn again and again. */
  async function drawn(shift: number, n: number, times: number): Promise<{ values: number[]; errors: number[] }> {
    const random = new Random(7);
    const results = [];
    for (let i = 0; i < times; i++) results.push(await statistic(random.normals(n * 2), random.normals(n * 2).map((value, at) => (at % 2 === 0 ? value + shift : value)), 2, 1));
    return { values: results.map(({ value }) => value), errors: results.map(({ standardError }) => standardError) };
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const spread = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
  it.each([['are one distribution', 0], ['are two', 1]])('has the standard error that it has, where they %s', async (_, shift) => {
    const { values, errors } = await drawn(shift, 60, 300);
    expect(mean(errors) / spread(values)).toBeGreaterThan(0.85);
    expect(mean(errors) / spread(values)).toBeLessThan(1.25); // errs on the wide side where they are one: what is less than 0 by chance is cut
  });
  it('has no bias: 0 where they are one distribution, and of two normals what the integral gives', async () => {
    const { values: same } = await drawn(0, 60, 300);
    expect(Math.abs(mean(same))).toBeLessThan(4 * spread(same) / Math.sqrt(same.length));
    const { values: moved } = await drawn(1, 60, 300);
    const expected = 2 / 3 * (1 - Math.exp(-1 / 6)); // E k of two normals in two dimensions, bandwidth 1, whose means are s apart: 1/3 exp(-s^2 / 6)
    expect(Math.abs(mean(moved) - expected)).toBeLessThan(4 * spread(moved) / Math.sqrt(moved.length));
  });
});
