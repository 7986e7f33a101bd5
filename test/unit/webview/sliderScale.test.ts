import { describe, expect, it } from 'vitest';
import { shareOf, valueAt } from '../../../src/webview/tuning/sliderScale';

const scales = [
  { min: 0, max: 10, scale: 'log' }, { min: 1e-3, max: 1, scale: 'log' }, { min: 0, max: 1000, scale: 'linear' }, { min: -1, max: 1, scale: 'linear' },
] as const;

describe('a slider', () => {
  for (const spec of scales) {
    it(`goes from end to end and back: ${JSON.stringify(spec)}`, () => {
      const values = Array.from({ length: 101 }, (_, i) => valueAt(spec, i / 100));
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values.at(-1)).toBe(spec.max);
      expect(values[0]).toBeGreaterThanOrEqual(spec.min);
      for (const value of values) expect(valueAt(spec, shareOf(spec, value))).toBeCloseTo(value, 8);
    });
  }
  it('gives a weight about 1 room on a range to 1000', () => {
    expect(shareOf(scales[2], 1)).toBeGreaterThan(0.2);
  });
  it('never gives what a logarithmic range leaves out', () => {
    expect(valueAt(scales[0], 0)).toBeGreaterThan(0);
  });
});
