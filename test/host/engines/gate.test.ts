import { describe, expect, it } from 'vitest';
import { gradientError, judge } from '../../../src/host/engines/gate';
import { ReluStudy, ROUNDING } from '../../bench/reluAtZero';

const tensor = (name: string, ...values: number[]) => ({ name, shape: [values.length], data: Float32Array.from(values) });

describe('the gate', () => {
  it('takes the worst weight, relative to its largest gradient; what is missing is infinitely wrong', () => {
    const wanted = [tensor('a', 4, 2), tensor('b', 100, 0)];
    expect(gradientError(wanted, wanted)).toBe(0);
    expect(gradientError([tensor('a', 4, 3), tensor('b', 101, 0)], wanted)).toBe(0.25);
    expect(gradientError([tensor('a', NaN, 2), tensor('b', 100, 0)], wanted)).toBe(Infinity);
    expect(gradientError([tensor('a', 4, 2)], wanted)).toBe(Infinity);
    expect(gradientError(wanted, [tensor('a', NaN, 2), tensor('b', 100, 0)])).toBeNaN();
  });

  it('passes where two draws agree, and writes a verdict that JSON can hold', () => {
    expect(judge([1e-6, 3e-2, 2e-2, 2e-6, 5e-3, 4e-2, 1e-2], 'cpu')).toEqual({ passed: true, error: 2e-6, oracle: 'cpu' });
    expect(judge([1e-6, 3e-2, 2e-2, 0.1, 0.2, 4e-2, 1e-2], 'cpu')).toMatchObject({ passed: false, error: 1e-2 });
    expect(judge([1e-6], 'cpu')).toMatchObject({ passed: true });
    expect(() => judge([], 'cpu')).toThrow('The gradients are not finite on images of noise, so there is nothing to compare.');
    const never = judge([Infinity, Infinity], 'cpu');
    expect(never.passed).toBe(false);
    expect(JSON.parse(JSON.stringify(never))).toEqual(never);
  });
});

// The long form of it: npm run bench:relu.
describe('compiled and eager gradients of random convolutions with batch normalization', () => {
  it('are the same, or part by the sign of a ReLU whose input is 0 up to rounding', async () => {
    const study = await ReluStudy.create({ shape: [8, 8, 1], filters: [4, 6], batch: 4 }, 'cpu');
    for (let draw = 0; draw < 12; draw++) await study.draw(draw);
    expect(study.outliers.filter(({ turnedError }) => turnedError > ROUNDING)).toEqual([]);
    expect([...study.errors].sort((a, b) => a - b)[6]).toBeLessThan(1e-5);
    study.dispose();
  });

  it('part by as much as that sign is worth where an input is moved to 0', async () => {
    const study = await ReluStudy.create({ shape: [8, 8, 1], filters: [4, 6], batch: 4 }, 'cpu');
    for (let draw = 0; draw < 6; draw++) await study.draw(draw, true);
    expect(study.outliers).toHaveLength(6);
    for (const { nearest, turnedError, error } of study.outliers) {
      expect(nearest).toBeLessThan(1e-6);
      expect(turnedError).toBeLessThan(ROUNDING);
      expect(error).toBeGreaterThan(1e-3); // of turning it
    }
    study.dispose();
  });
});
