import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../../../src/host/uses/roc';
import { Random } from '../../../src/host/training/index';

describe('the area under the ROC curve', () => {
  it('is the share of pairs in which the outlier has the higher score, ties counting half', () => {
    const [outliers, others] = [[3, 5, 5, 9], [1, 3, 5, 5, 2, 7]];
    const pairs = outliers.flatMap((a) => others.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
    expect(areaUnderRoc(outliers, others).value).toBeCloseTo(pairs.reduce<number>((x, y) => x + y, 0) / pairs.length, 12);
    expect([areaUnderRoc([2, 3], [0, 1]).value, areaUnderRoc([0, 1], [2, 3]).value, areaUnderRoc([1, 1], [1, 1]).value]).toEqual([1, 0, 0.5]);
  });
  it('has about the standard error that it has', () => {
    const random = new Random(4);
    const found = Array.from({ length: 400 }, () => areaUnderRoc([...random.normals(60)].map((value) => value + 1), [...random.normals(90)]));
    const mean = found.reduce((sum, { value }) => sum + value, 0) / found.length;
    const spread = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / found.length);
    expect(mean).toBeCloseTo(0.7602, 2); // of two normals one apart, P(a > b) is the normal distribution function at 1 / sqrt(2)
    const error = found.reduce((sum, { standardError }) => sum + standardError, 0) / found.length;
    expect(Math.abs(error / spread - 1)).toBeLessThan(0.15);
  });
});
