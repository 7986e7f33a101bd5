import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { splitExamples } from '../../../src/host/datasets/split';
import { drawSprite, spriteShapes } from '../../../src/host/datasets/sprites';
import { gaussianNoise, maskBox, maskPixels, npy, saltAndPepper, sprites, type Corruption, type DataOptions } from '../../../src/vae/index';
import { array, range } from './places';

const small = { trainCount: 400, testCount: 100 };
const load = (options: DataOptions = {}) => loadDataset(sprites({ ...small, ...options }));
const mean = (values: ArrayLike<number>): number => Array.prototype.reduce.call(values, (a, b) => (a as number) + (b as number), 0) as number / values.length;

describe('binarization', () => {
  it.each(['static', 'dynamic'] as const)('draws held-out pictures with their brightness as chance, the same each time (%s)', async (binarization) => {
    const [plain, drawn, otherSeed] = await Promise.all([load(), load({ binarization }), loadDataset(sprites({ ...small, binarization, seed: 1 }))]);
    const { data: chances } = plain.batch('test', range(100));
    const { data } = drawn.batch('test', range(100));
    expect(new Set(data)).toEqual(new Set([0, 1]));
    expect(otherSeed.batch('test', range(100)).data).toEqual(data);
    // Of pixels of one brightness so many are white, but for five standard errors.
    const byChance = new Map<number, number[]>([...new Set(chances)].map((chance) => [chance, []]));
    chances.forEach((chance, k) => { byChance.get(chance)?.push(data[k] ?? NaN); });
    expect(byChance.size).toBeGreaterThan(3);
    for (const [chance, draws] of byChance) expect(Math.abs(mean(draws) - chance)).toBeLessThanOrEqual(5 * Math.sqrt(chance * (1 - chance) / draws.length));
    expect(drawn.batch('test', [17]).data).toEqual(data.slice(17 * 1024, 18 * 1024)); // whatever is asked for with it
  });
  it('draws other pictures from another seed, and the same from a file as from memory', async () => {
    const of = async (seed: number, memoryLimit?: number) => (await loadDataset(npy(array('float32.npy'), { binarization: 'static', seed, test: array('float32.npy') }), { memoryLimit })).batch('train', range(12)).data;
    expect(await of(1, 1)).toEqual(await of(1));
    expect(await of(2)).not.toEqual(await of(1));
    expect(new Set(await of(1))).toEqual(new Set([0, 1]));
  });
});

describe('splits', () => {
  it('set training examples aside for validation, which the curves are then of', async () => {
    const [plain, split, share] = await Promise.all([load(), load({ validation: 50 }), load({ validation: 0.125 })]);
    expect([plain.heldOut, split.heldOut]).toEqual([{ split: 'test', count: 100 }, { split: 'validation', count: 50 }]);
    expect([split.trainCount, split.validationCount, split.testCount]).toEqual([350, 50, 100]);
    expect(share.batch('validation', range(50))).toEqual(split.batch('validation', range(50)));
    const of = ({ data }: { data: Float32Array }, count: number) => range(count).map((i) => data.slice(i * 1024, (i + 1) * 1024).join());
    const all = of(plain.batch('train', range(400)), 400);
    const parts = [...of(split.batch('train', range(350)), 350), ...of(split.batch('validation', range(50)), 50)];
    expect(parts.sort()).toEqual(all.sort());
    expect(split.batch('test', range(100))).toEqual(plain.batch('test', range(100)));
    expect(() => split.batch('validation', [50])).toThrow('no validation example 50; there are 50');
  });
  it('are drawn from the seed, and refused where one is empty', () => {
    expect(splitExamples(100, 10, 0.2, 1, 'x')).toEqual(splitExamples(100, 0.1, 20, 1, 'x'));
    expect(splitExamples(100, 10, 20, 2, 'x')).not.toEqual(splitExamples(100, 10, 20, 1, 'x'));
    expect(splitExamples(100, 0, 0, 1, 'x').train).toBeUndefined();
    expect(() => splitExamples(10, 0, 10, 1, 'x')).toThrow('The training split of x is empty: of 10 examples 0 are for the test and 10 for validation.');
    expect(() => splitExamples(10, 0, 0.01, 1, 'x')).toThrow('The validation split of x is empty: 0.01 of 10 examples is none.');
  });
});

describe('corruption', () => {
  const of = async (corruption: Corruption | readonly Corruption[]) => {
    const batch = (await load({ corruption })).batch('test', range(100));
    return { data: batch.data, corrupted: batch.corrupted ?? new Float32Array(0), differences: (batch.corrupted ?? []).map((value, k) => value - (batch.data[k] ?? 0)) };
  };
  it('gives the clean picture beside the corrupted one, the same each time', async () => {
    const [plain, a, b] = [(await load()).batch('test', range(100)), await of(maskPixels()), await of(maskPixels())];
    expect(plain.corrupted).toBeUndefined();
    expect(a.data).toEqual(plain.data);
    expect(a.corrupted).toEqual(b.corrupted);
    expect(a.corrupted).not.toEqual(a.data);
  });
  it('adds noise of the standard deviation asked for, within [0, 1]', async () => {
    const { data, corrupted, differences } = await of(gaussianNoise({ sigma: 0.2 }));
    const onBlack = differences.filter((_, k) => data[k] === 0);
    // Half of the draws are cut off at 0: the mean of what is left is sigma / sqrt(2 pi), the mean square sigma^2 / 2.
    expect(mean(onBlack)).toBeCloseTo(0.2 / Math.sqrt(2 * Math.PI), 2);
    expect(mean(onBlack.map((d) => d * d))).toBeCloseTo(0.02, 3);
    expect([Math.min(...corrupted), Math.max(...corrupted)]).toEqual([0, 1]);
  });
  it('blackens or whitens the share asked for', async () => {
    const white = await of([maskPixels({ share: 1 }), saltAndPepper({ share: 0.5 })]); // in the order given
    expect(mean(white.corrupted)).toBeCloseTo(0.25, 2);
    const masked = await of(maskPixels({ share: 0.3 }));
    const lit = masked.data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
    expect(masked.differences.filter((d) => d !== 0).length / lit).toBeCloseTo(0.3, 1);
    expect(masked.corrupted.every((value, k) => value === 0 || value === masked.data[k])).toBe(true);
  });
  it('blackens a box that lies inside, all channels of it', async () => {
    const { corrupted } = await of([saltAndPepper({ share: 1 }), maskBox({ height: 20, width: 10 })]);
    for (const i of range(100)) {
      const one = corrupted.subarray(i * 1024, (i + 1) * 1024);
      const black = (top: number, left: number): boolean => range(20).every((y) => range(10).every((x) => one[(top + y) * 32 + left + x] === 0));
      expect(range(13).some((top) => range(23).some((left) => black(top, left)))).toBe(true);
    }
    await expect(load({ corruption: maskBox({ height: 32, width: 40 }) })).rejects.toThrow('maskBox() of 32 x 40 pixels covers all of an image, which has 32 x 32. Give it less.');
    expect((await load({ corruption: maskBox({ height: 40, width: 31 }) })).trainCount).toBe(400);
    const coloured = (await loadDataset(npy(array('channels.npy'), { corruption: maskPixels({ share: 0.5 }), test: 2 }))).batch('train', range(10));
    range(20).forEach((pixel) => { expect(new Set([0, 1, 2].map((c) => (coloured.corrupted?.[3 * pixel + c] ?? NaN) === (coloured.data[3 * pixel + c] ?? NaN)))).toHaveLength(1); });
  });
});

describe('options', () => {
  it.each([
    [{ binarization: 'yes' }, 'binarization must be "none", "static" or "dynamic"; got "yes"'], [{ validation: 1.5 }, 'validation must be a number of examples, or a share below 1; got 1.5'], [{ validation: -1 }, 'validation must be'],
    [{ seed: 0.5 }, 'seed must be a whole number'], [{ corruption: 'noise' }, 'corruption must be one of gaussianNoise(), saltAndPepper(), maskPixels(), maskBox()'], [{ binarisation: 'static' }, 'it has no option "binarisation". Known: trainCount, testCount, binarization'],
  ])('refuse %j', (options, sentence) => { expect(() => sprites(options as DataOptions)).toThrow(`sprites(): ${sentence}`); });
  it('refuse corruptions out of range', () => {
    expect(() => gaussianNoise({ sigma: 0 })).toThrow('gaussianNoise(): sigma must be a number above 0');
    expect(() => maskPixels({ share: 2 })).toThrow('at most 1; got 2');
    expect(() => maskBox({ height: 1.5 })).toThrow('maskBox(): height must be a whole number of pixels');
  });
});

describe('sprites', () => {
  it('tell their factors: drawn from them a sprite looks the same', async () => {
    const dataset = await load({ validation: 100 });
    for (const split of ['train', 'validation', 'test'] as const) {
      const values = dataset.factors?.values(split, range(50)) ?? new Float32Array(0);
      const { data, labels } = dataset.batch(split, range(50));
      let wrong = 0;
      for (const i of range(50)) {
        const [shape = NaN, scale = NaN, rotation = NaN, x = NaN, y = NaN] = values.subarray(5 * i, 5 * i + 5);
        const pixels = new Uint8Array(1024);
        drawSprite({ shape: spriteShapes[shape] ?? 'square', scale, rotation, x, y }, pixels);
        pixels.forEach((byte, k) => { if (Math.abs(byte / 255 - (data[1024 * i + k] ?? NaN)) > 1e-6) wrong++; });
        expect(labels?.[i]).toBe(shape);
      }
      expect(wrong).toBeLessThan(5); // factors are kept in single precision
    }
    expect([dataset.factors?.names, dataset.classNames]).toEqual([['shape', 'scale', 'rotation', 'x', 'y'], ['square', 'ellipse', 'heart']]);
  });
});

describe('the fingerprint', () => {
  const print = async (options: DataOptions = {}) => (await (await load(options)).summary()).fingerprint;
  it('is of the content, the split and the preparation', async () => {
    const prints = await Promise.all([{}, { seed: 2 }, { validation: 10 }, { validation: 11 }, { binarization: 'static' }, { binarization: 'dynamic' }, { corruption: maskPixels() }, { corruption: maskPixels({ share: 0.4 }) }].map((options) => print(options as DataOptions)));
    expect(new Set(prints).size).toBe(prints.length);
    expect(await print()).toBe(prints[0]);
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
  });
  it('is in words beside it', async () => {
    expect(await (await load({ validation: 40, binarization: 'dynamic', corruption: [maskPixels({ share: 0.25 }), gaussianNoise()] })).summary()).toEqual({
      name: 'sprites', fingerprint: expect.any(String) as string, trainCount: 360, validationCount: 40, testCount: 100, heldOut: 'validation', binarization: 'dynamic', classes: 3,
      corruption: ['maskPixels(share 0.25)', 'gaussianNoise(sigma 0.3)'],
    });
  });
  it('is another for a file of other content, in memory or not', async () => {
    const of = async (name: string, memoryLimit?: number) => (await (await loadDataset(npy(array(name), { test: 1 }), { memoryLimit })).summary()).fingerprint;
    expect(await of('float32.npy')).not.toBe(await of('bytes.npy'));
    expect(await of('float32.npy', 1)).not.toBe(await of('bytes.npy', 1));
  });
});

describe('classes left out', () => {
  it('are not trained on, and stay in the test set', async () => {
    const [plain, left, byName] = await Promise.all([load({ validation: 50 }), load({ validation: 50, leaveOut: [1] }), load({ validation: 50, leaveOut: ['ellipse'] })]);
    const counts = (dataset: typeof plain, split: 'train' | 'validation' | 'test', count: number) => [0, 1, 2].map((label) => [...dataset.labels?.(split, range(count)) ?? []].filter((one) => one === label).length);
    const [train, validation] = [counts(plain, 'train', 350), counts(plain, 'validation', 50)];
    expect(counts(left, 'train', left.trainCount)).toEqual([train[0], 0, train[2]]);
    expect(counts(left, 'validation', left.validationCount)).toEqual([validation[0], 0, validation[2]]);
    expect(left.batch('test', range(100))).toEqual(plain.batch('test', range(100)));
    const [summary, others] = [await left.summary(), await plain.summary()];
    expect([summary.leftOut, others.leftOut, summary.fingerprint === others.fingerprint]).toEqual([['ellipse'], undefined, false]);
    expect((await byName.summary()).fingerprint).toBe(summary.fingerprint);
  });
  it('are refused where there are none, or no others', async () => {
    await expect(load({ leaveOut: ['circle'] })).rejects.toThrow('sprites has no class "circle" to leave out. It has: square, ellipse, heart.');
    await expect(load({ leaveOut: [0, 1, 2] })).rejects.toThrow('The training split of sprites is empty: all of its classes are left out.');
    await expect(loadDataset(npy(array('float32.npy'), { test: 2, leaveOut: [0] }))).rejects.toThrow('has no labels, by which classes could be left out.');
    expect(() => sprites({ leaveOut: [-1] })).toThrow('leaveOut must be a list of classes, such as [9].');
  });
});
