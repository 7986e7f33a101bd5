import { describe, expect, it } from 'vitest';
import { pointsInside } from '../../../src/latent/polygon';
import { principalPlane, project } from '../../../src/latent/principal';
import { aggregateShares, dimensionsByKl, gaussianBelow, gaussianQuantile, klOfDimensions, meanOf } from '../../../src/latent/statistics';

describe('statistics of encoded data', () => {
  it('KL of each dimension is the closed form, averaged', () => {
    const kl = klOfDimensions(Float32Array.of(1, 0, 3, 0), Float32Array.of(0, 0, 0, 2), 2);
    expect(kl[0]).toBeCloseTo((0.5 + 4.5) / 2, 6);
    expect(kl[1]).toBeCloseTo(0.5 * (Math.exp(2) - 3) / 2, 6);
    expect(dimensionsByKl(kl)).toEqual([0, 1]);
  });
  it('the mean of a group is that of its rows', () => {
    expect([...meanOf(Float32Array.of(1, 2, 3, 4, 100, 100), 2, [0, 1])]).toEqual([2, 3]);
  });
  it('the aggregate posterior of standard Gaussians is the prior, and sums to its share of the range', () => {
    const shares = aggregateShares(new Float32Array(8), new Float32Array(8), 2, 1, Float64Array.of(-2, -1, 0, 1, 2));
    [-2, -1, 0, 1].forEach((low, bin) => { expect(shares[bin]).toBeCloseTo(gaussianBelow(low + 1) - gaussianBelow(low), 6); });
  });
  it('the aggregate posterior of narrow posteriors is where their means are', () => {
    expect([...aggregateShares(Float32Array.of(-1.5, 0.5, 0.6, 1.5), new Float32Array(4).fill(-12), 1, 0, Float64Array.of(-2, -1, 0, 1, 2))].map((share) => Number(share.toFixed(3)))).toEqual([0.25, 0, 0.5, 0.25]);
  });
  it('the normal distribution and its quantiles are those of the tables', () => {
    for (const [z, share] of [[0, 0.5], [1, 0.8413447], [-1.959964, 0.025], [3, 0.9986501]] as const) {
      expect(gaussianBelow(z)).toBeCloseTo(share, 6);
      expect(gaussianQuantile(share)).toBeCloseTo(z, 4);
    }
  });
});

describe('the principal plane', () => {
  // Long along (1, 1, 0), less along (1, -1, 0), nothing along z.
  const data = Float32Array.from({ length: 600 }, (_, i) => { const [n, d] = [Math.floor(i / 3), i % 3]; const [a, b] = [3 * Math.sin(n), Math.cos(1.7 * n)]; return d === 0 ? 5 + a + b : d === 1 ? a - b : 2; });
  it('holds the directions of most variance, whose length is one', () => {
    const { mean, axes, explained } = principalPlane(data, 3);
    expect(mean[0]).toBeCloseTo(5, 0);
    [Math.SQRT1_2, Math.SQRT1_2, 0].forEach((value, d) => { expect(axes[d]).toBeCloseTo(value, 2); });
    expect(Math.abs(axes[3] ?? 0)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(explained[0] + explained[1]).toBeCloseTo(1, 5);
    expect(explained[0]).toBeGreaterThan(0.85);
  });
  it('keeps the signs of an earlier one', () => {
    const plane = principalPlane(data, 3);
    const turned = { ...plane, axes: plane.axes.map((value) => -value) };
    expect(principalPlane(data, 3, turned).axes[0]).toBeCloseTo(-(plane.axes[0] ?? 0), 6);
  });
  it('projects the mean to the middle; one dimension is a line', () => {
    const plane = principalPlane(data, 3);
    project(plane.mean, 3, plane).forEach((value) => { expect(value).toBeCloseTo(0, 4); });
    expect([...project(Float32Array.of(1, 3), 1, principalPlane(Float32Array.of(1, 3), 1))]).toEqual([-1, 0, 1, 0]);
  });
});

describe('a lasso', () => {
  it('holds what lies in it, also where it is not convex', () => {
    const hook = [0, 0, 4, 0, 4, 4, 3, 4, 3, 1, 0, 1];
    expect(pointsInside(Float32Array.of(1, 0.5, 1, 2, 3.5, 3, 5, 1, NaN, 1), hook)).toEqual([0, 2]);
    expect(pointsInside(Float32Array.of(1, 1), [])).toEqual([]);
  });
});
