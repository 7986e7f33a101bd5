import { describe, expect, it } from 'vitest';
import { pathAlongData } from '../../../src/latent/dataPath';
import { nearest } from '../../../src/latent/neighbours';
import { alongDirection, norm, pathThrough, rowOf, rowsOf } from '../../../src/latent/paths';

const rows = (values: Float32Array, size: number): number[][] => Array.from({ length: values.length / size }, (_, i) => [...rowOf(values, size, i)]);

describe('a path through latent space', () => {
  it('is straight, through all places, ends included', () => {
    expect(rows(pathThrough(Float32Array.of(0, 0, 2, 0, 2, 4), 2, 5, 'line'), 2)).toEqual([[0, 0], [1, 0], [2, 0], [2, 2], [2, 4]]);
    expect(rows(pathThrough(Float32Array.of(1, 2), 2, 1, 'line'), 2)).toEqual([[1, 2]]);
  });
  it('on a great circle turns evenly, and its norm changes evenly', () => {
    const path = rows(pathThrough(Float32Array.of(2, 0, 0, 4), 2, 5, 'greatCircle'), 2);
    path.forEach((z, i) => {
      expect(norm(z)).toBeCloseTo(2 + i / 2, 5);
      expect(Math.atan2(z[1] ?? 0, z[0] ?? 0)).toBeCloseTo(i * Math.PI / 8, 5);
    });
  });
  it.each([['the middle of the space', [0, 0, 1, 1]], ['opposite places', [1, 0, -1, 0]], ['one place twice', [1, 2, 1, 2]]])('is straight where no great circle is: %s', (_, places) => {
    expect([...pathThrough(Float32Array.from(places), 2, 3, 'greatCircle')]).toEqual([...pathThrough(Float32Array.from(places), 2, 3, 'line')]);
  });
  it('leads along a direction, one place a strength', () => {
    expect(rows(alongDirection([1, 1], [0, 2], [-1, 0, 0.5]), 2)).toEqual([[1, -1], [1, 1], [1, 2]]);
  });
});

describe('neighbours', () => {
  it('are the nearest, nearest first, as sorting all tells', () => {
    const data = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i));
    const queries = Float32Array.of(0.1, -0.4, 0.9, 0.5, 0.5, 0.5);
    const { indices, distances } = nearest(data, 3, queries, 4);
    for (const q of [0, 1]) {
      const all = rows(data, 3).map((row, i) => [norm(row.map((value, d) => value - (queries[q * 3 + d] ?? 0))), i] as const).sort(([a], [b]) => a - b).slice(0, 4);
      expect([...indices.subarray(q * 4, q * 4 + 4)]).toEqual(all.map(([, i]) => i));
      all.forEach(([distance], j) => { expect(distances[q * 4 + j]).toBeCloseTo(distance, 5); });
    }
  });
  it('are as many as there are', () => {
    expect([...nearest(Float32Array.of(1, 2), 1, Float32Array.of(2), 5).indices]).toEqual([1, 0]);
  });
});

describe('a path that follows the data', () => {
  // Examples on half a circle: the straight line leads over nothing.
  const data = rowsOf(Array.from({ length: 400 }, (_, i) => [3 * Math.cos(Math.PI * i / 399), 3 * Math.sin(Math.PI * i / 399)]));
  it('goes around the hole, at even distances', () => {
    const path = rows(pathAlongData(data, 2, Float32Array.of(3, 0, -3, 0), 9), 2);
    expect(path[0]).toEqual([3, 0]);
    path.forEach((z, i) => {
      expect(norm(z)).toBeCloseTo(3, 1);
      expect(Math.atan2(z[1] ?? 0, z[0] ?? 0)).toBeCloseTo(Math.PI * i / 8, 1);
    });
  });
  it('is straight over what no hops lead across', () => {
    const apart = rowsOf([...Array.from({ length: 30 }, (_, i) => [i / 100, 0]), ...Array.from({ length: 30 }, (_, i) => [50 + i / 100, 0])]);
    const path = pathAlongData(apart, 2, Float32Array.of(0, 0, 50, 0), 6);
    expect([path[0], path[10]]).toEqual([0, 50]);
    expect([...path].every(Number.isFinite)).toBe(true);
  });
});
