import { describe, expect, it } from 'vitest';
import { embed } from '../../../src/webview/latent/worker/embed';

/** Two crowds of 5 dimensions, far from one another, taking turns. */
const data = Float32Array.from({ length: 300 * 5 }, (_, i) => Math.sin(i * 12.9898) + (Math.floor(i / 5) % 2 === 0 ? 8 : -8));

describe('a map by UMAP', () => {
  it('places the examples that were not fitted beside their own, and tells how far it is', async () => {
    const told: { stage: string; done: number; placed: number }[] = [];
    const places = await embed(data, 5, 100, ({ stage, done, places: part }) => { told.push({ stage, done, placed: part?.filter(Number.isFinite).length ?? 0 }); });
    expect(places.every(Number.isFinite)).toBe(true);
    const centre = (crowd: number): number[] => [0, 1].map((axis) => { const of = places.filter((_, i) => i % 2 === axis && Math.floor(i / 2) % 2 === crowd); return of.reduce((sum, value) => sum + value, 0) / of.length; });
    const centres = [centre(0), centre(1)];
    const far = (i: number, crowd: number): number => Math.hypot((places[2 * i] ?? 0) - (centres[crowd]?.[0] ?? 0), (places[2 * i + 1] ?? 0) - (centres[crowd]?.[1] ?? 0));
    expect(Array.from({ length: 300 }, (_, i) => i).filter((i) => far(i, i % 2) > far(i, 1 - (i % 2)))).toEqual([]);
    expect(told.filter(({ stage }) => stage === 'place')).toEqual([{ stage: 'place', done: 0, placed: 200 }]); // the fitted are there before the others
  });
  it('is the same each time', async () => {
    const few = data.slice(0, 40 * 5);
    expect(await embed(few, 5, 40, () => undefined)).toEqual(await embed(few, 5, 40, () => undefined));
  });
  it.each([1, 3])('of %i examples has a place for each', async (count) => {
    expect([...await embed(data.slice(0, count * 5), 5, 2000, () => undefined)].filter(Number.isFinite)).toHaveLength(2 * count);
  });
});
