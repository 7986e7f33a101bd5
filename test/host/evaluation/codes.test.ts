import { describe, expect, it } from 'vitest';
import { activeUnits, variancesOf } from '../../../src/host/evaluation/codes';
import { classesOfFactor, equalWidthBins, mutualInformation, mutualInformationGap } from '../../../src/host/evaluation/mutualInformationGap';
import { Random } from '../../../src/host/training/index';

const N = 4000;
const random = new Random(3);
const draws = (kinds: number): Float32Array => Float32Array.from({ length: N }, () => Math.floor(random.uniform() * kinds));
const [first, second] = [draws(5), draws(8)];
const table = (...columns: Float32Array[]): Float32Array => Float32Array.from({ length: N * columns.length }, (_, i) => columns[i % columns.length]?.[Math.floor(i / columns.length)] ?? 0);
const noise = random.normals(N);
const gap = (...codes: Float32Array[]) => mutualInformationGap(table(...codes), codes.length, table(first, second), ['first', 'second']);

describe('the mutual information gap', () => {
  it('is 1 where each factor has a code, whatever its scale and order', () => {
    const { value, parts } = gap(second.map((v) => -3 * v), noise, first.map((v) => v * 100 + 7));
    expect(value).toBeCloseTo(1, 2);
    expect(Object.keys(parts)).toEqual(['first', 'second']);
  });
  it('is 0 where each factor has two codes, or one code has both and another too, or none has any', () => {
    expect(gap(first, first, second, second).value).toBeCloseTo(0, 2);
    expect(gap(noise, random.normals(N)).value).toBeLessThan(0.02);
  });
  it('is what a code that is right in half of the cases tells: ln 5 less the entropy of (0.6, 0.1, 0.1, 0.1, 0.1), over ln 5', () => {
    const half = first.map((v) => (random.uniform() < 0.5 ? v : Math.floor(random.uniform() * 5)));
    const known = (Math.log(5) + 0.6 * Math.log(0.6) + 0.4 * Math.log(0.1)) / Math.log(5);
    expect(Math.abs((gap(half, second).parts['first'] ?? NaN) - known)).toBeLessThan(0.03);
    expect(Math.abs((gap(half, second).parts['second'] ?? NaN) - 1)).toBeLessThan(0.01);
  });
  it('leaves out a factor that is always the same, and cuts one of many values into classes of equal count', () => {
    expect(Object.keys(mutualInformationGap(table(first), 1, table(first, new Float32Array(N)), ['first', 'still']).parts)).toEqual(['first']);
    const classes = classesOfFactor(noise, 10);
    for (let c = 0; c < 10; c++) expect(classes.filter((one) => one === c).length).toBe(N / 10);
    expect([...equalWidthBins([0, 0.49, 0.5, 1], 2)]).toEqual([0, 0, 1, 1]);
  });
  it('corrects for the finite sample: what is independent shares nothing', () => {
    expect(mutualInformation(Int32Array.from(draws(20)), Int32Array.from(draws(10)))).toBeLessThan(0.01);
  });
});

describe('active units', () => {
  it('are those whose mean varies by more than 0.01', () => {
    const codes = table(noise, noise.map((v) => v * 0.09), noise.map((v) => v * 0.12), new Float32Array(N).fill(5));
    expect(variancesOf(codes, 4)[3]).toBe(0);
    expect(activeUnits(codes, 4)).toBe(2);
  });
});
