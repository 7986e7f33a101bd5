import { afterAll, describe, expect, it } from 'vitest';
import { CodePrior } from '../../../src/host/prior/codePrior';
import { drawGrids } from '../../../src/host/prior/draw';
import { independentNats, learnPrior, type Grids } from '../../../src/host/prior/learn';
import type { CodeGrid } from '../../../src/host/prior/pixelCnn';
import { Random } from '../../../src/host/training/random';

const at = <T>(work: () => Promise<T>): Promise<T> => work();
const size = { filters: 8, layers: 2 };
const made: CodePrior[] = [];
const keep = (prior: CodePrior): CodePrior => { made.push(prior); return prior; };
afterAll(() => { for (const prior of made) prior.dispose(); });
/** Weights that are all far from 0, so that what is seen shows. */
async function anyPrior(grid: CodeGrid): Promise<CodePrior> {
  const prior = keep(await CodePrior.build(grid, size, 1));
  prior.setState(prior.getState().map((tensor, t) => ({ ...tensor, data: tensor.data.map((_, i) => 0.7 * Math.sin(1 + 3.1 * i + 17 * t)) })));
  return prior;
}

describe('an autoregressive prior over grids of codes', () => {
  const grid: CodeGrid = { rows: 3, columns: 4, codes: 5 };

  it('predicts each place from the places before it, all of them, and from no other', async () => {
    const prior = await anyPrior(grid);
    const base = Float32Array.from({ length: 12 }, (_, i) => (i * 7) % 5);
    for (let place = 0; place < 12; place++) {
      const logits = [...await prior.logits(base, 1, place)];
      for (let changed = 0; changed < 12; changed++) {
        const other = base.map((code, i) => (i === changed ? (code + 1) % 5 : code));
        const now = [...await prior.logits(other, 1, place)];
        if (changed >= place) expect(now, `place ${place} looks at ${changed}`).toEqual(logits);
        // Two layers see four rows up and three columns to either side; all of this grid.
        else expect(now, `place ${place} does not look at ${changed}`).not.toEqual(logits);
      }
    }
  });

  it('is a distribution: over all grids its probabilities sum to 1, and they are the products of those of the places', async () => {
    const tiny: CodeGrid = { rows: 2, columns: 2, codes: 3 };
    const prior = await anyPrior(tiny);
    const all = Float32Array.from({ length: 81 * 4 }, (_, k) => Math.floor(Math.floor(k / 4) / 3 ** (k % 4)) % 3);
    const nats = await prior.nats(all, 81);
    expect(nats.reduce((sum, value) => sum + Math.exp(-value), 0)).toBeCloseTo(1, 5);
    const byPlace = new Float64Array(81);
    for (let place = 0; place < 4; place++) {
      const logits = (await prior.logits(all, 81, place)).slice();
      byPlace.forEach((_, i) => {
        const row = logits.subarray(i * 3, i * 3 + 3);
        byPlace[i] = (byPlace[i] ?? 0) + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - (row[all[i * 4 + place] ?? 0] ?? NaN);
      });
    }
    byPlace.forEach((value, i) => { expect(nats[i]).toBeCloseTo(value, 4); });
    // What is drawn comes as often as it says: the largest difference of the 81 shares, over 2,000 grids.
    const drawn = await drawGrids(prior, 2000, 5, at);
    const counts = new Float64Array(81);
    for (let i = 0; i < 2000; i++) {
      const grid = [0, 1, 2, 3].reduce((sum, place) => sum + (drawn[i * 4 + place] ?? 0) * 3 ** place, 0);
      counts[grid] = (counts[grid] ?? 0) + 1;
    }
    nats.forEach((value, g) => { expect(Math.abs((counts[g] ?? 0) / 2000 - Math.exp(-value))).toBeLessThan(0.03); });
    expect([...await drawGrids(prior, 3, 5, at)]).toEqual([...drawn.subarray(0, 12)]);
  });

  /** Each code is that of the place above, or to the left in the first row, with this chance, else one of the others. */
  const STAYS = 0.9;
  const known: CodeGrid = { rows: 3, columns: 3, codes: 4 };
  function stripes(count: number, seed: number): Grids {
    const random = new Random(seed);
    const indices = new Uint32Array(count * 9);
    for (let k = 0; k < indices.length; k++) {
      const place = k % 9;
      const before = place === 0 ? undefined : indices[k - (place < 3 ? 1 : 3)] ?? 0;
      indices[k] = before === undefined ? Math.floor(random.uniform() * 4) : random.uniform() < STAYS ? before : (before + 1 + Math.floor(random.uniform() * 3)) % 4;
    }
    return { count, indices };
  }
  const options = { filters: 16, layers: 2, steps: 400, batchSize: 32, learningRate: 5e-3 };

  it('comes to the entropy of a source whose entropy is known, far below what codes cost by themselves; the same seed gives the same one', async () => {
    const entropy = (Math.log(4) - 8 * (STAYS * Math.log(STAYS) + (1 - STAYS) * Math.log((1 - STAYS) / 3))) / 9;
    const told: number[] = [];
    const { prior, nats, independentNats: alone } = await learnPrior({ grid: known, options, seed: 3, training: stripes(4000, 1), heldOut: stripes(2000, 2), exclusive: at, onStep: (step) => { told.push(step); } });
    keep(prior);
    expect(told).toHaveLength(400);
    expect(nats).toBeGreaterThan(entropy - 0.03); // the held-out draws' own
    expect(nats).toBeLessThan(entropy + 0.03);
    expect(alone).toBeCloseTo(Math.log(4), 2);
    const short = { ...options, steps: 5 };
    const twice = await Promise.all([1, 2].map(async () => keep((await learnPrior({ grid: known, options: short, seed: 3, training: stripes(200, 1), heldOut: stripes(20, 2), exclusive: at })).prior).getState()));
    expect(twice[0]).toEqual(twice[1]);
  });

  it('says what codes cost by themselves', () => {
    const of = (...codes: number[]): Grids => ({ count: codes.length, indices: Uint32Array.from(codes) });
    expect(independentNats({ codes: 2 }, of(0, 0), of(0, 1))).toBeCloseTo(-(Math.log(3 / 4) + Math.log(1 / 4)) / 2, 12); // one more of each
  });

  it('ends where it is cancelled', async () => {
    let left = 6;
    await expect(learnPrior({ grid: known, options, seed: 1, training: stripes(200, 1), heldOut: stripes(20, 2), exclusive: (work) => { if (left-- === 0) throw new Error('cancelled'); return work(); } })).rejects.toThrow('cancelled');
  });
});
