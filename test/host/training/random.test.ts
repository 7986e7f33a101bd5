import { describe, expect, it } from 'vitest';
import { priorSamples } from '../../../src/host/latent/index';
import { pathThrough } from '../../../src/latent/paths';
import { Random } from '../../../src/host/training/index';

describe('Random', () => {
  it('goes on from its state, with a stream for each purpose', () => {
    const random = new Random(4, 1);
    random.normals(7);
    const again = Random.from(JSON.parse(JSON.stringify(random.state)) as typeof random.state);
    expect(again.normals(5)).toEqual(random.normals(5));
    expect(new Random(4, 1).normals(3)).not.toEqual(new Random(4, 2).normals(3));
    expect(new Random(4, 1).normals(3)).not.toEqual(new Random(5, 1).normals(3));
  });
  it('draws standard normals and permutations', () => {
    const draws = new Random(9).normals(100_000);
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length).toBeCloseTo(1, 1);
    expect([...new Random(9).permutation(50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});

describe('latent', () => {
  it('goes straight from end to end', () => {
    expect([...pathThrough(Float32Array.of(0, 2, 1, 0), 2, 3, 'line')]).toEqual([0, 2, 0.5, 1, 1, 0]);
  });
  it('draws the same from the prior for the same seed', () => {
    expect(priorSamples(3, 2, 1)).toEqual(priorSamples(3, 2, 1));
    expect(priorSamples(3, 2, 1)).toHaveLength(6);
  });
});
