import { expect, it } from 'vitest';
import { fit } from '../../../../../src/host/engines/compiled/trace/fit';
import { Random } from '../../../../../src/host/training/index';

const base = new Random(4).normals(200);
const line = (scale: number, shift: number): Float32Array => Float32Array.from(base, (x) => scale * x + shift);

it.each([[1, 0], [0.1, -3], [-2, 7], [0.02, 5], [1e-4, 1e-3], [250, 1e5], [0, 4], [0, 0], [1e-30, 0]])('finds the scale %f and shift %f of float32 values, with no digits of rounding', (scale, shift) => {
  expect(fit([{ base, values: line(scale, shift) }])).toEqual({ scale, shift });
});
it('keeps the digits there are', () => {
  const found = fit([{ base, values: line(Math.PI, Math.E) }]);
  expect(found?.scale).toBeCloseTo(Math.PI, 5);
  expect(found?.shift).toBeCloseTo(Math.E, 5);
});
it('takes several draws together, also of one number each', () => {
  expect(fit([{ base: [0.25], values: [3.5] }, { base: [0.75], values: [4.5] }])).toEqual({ scale: 2, shift: 3 });
});
it('finds no line where there is none', () => {
  expect(fit([{ base, values: line(1, 0).map((x) => x * x) }])).toBeUndefined();
  expect(fit([{ base, values: line(1, 0) }, { base, values: line(1.001, 0) }])).toBeUndefined();
  const one = line(1, 0);
  one[17] = (one[17] ?? 0) + 1e-4;
  expect(fit([{ base, values: one }])).toBeUndefined();
  expect(fit([{ base, values: line(1, 0).fill(NaN) }])).toBeUndefined();
});
