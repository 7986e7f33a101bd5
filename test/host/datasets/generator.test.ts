import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { Feed } from '../../../src/host/training/feed';
import { generator, type ExampleGenerator, type GeneratedExamples, type GeneratorOptions } from '../../../src/vae/index';

const noOrder = new Uint32Array(0);
/** Pictures of 2x2, each of one value drawn. */
const one: ExampleGenerator = function* ({ random }) { for (;;) yield new Float32Array(4).fill(random.uniform()); };
const options = (own: Partial<GeneratorOptions> = {}): GeneratorOptions => ({ shape: [2, 2, 1], trainCount: 10, testCount: 3, train: one, test: one, ...own });
const load = (own: Partial<GeneratorOptions> = {}) => loadDataset(generator(options(own)));
const feedOf = async (own: Partial<GeneratorOptions> = {}, seed = 1) => Feed.create(await load(own), 2, 1, seed, 2);
async function firsts(feed: Feed, epoch: number, from: number): Promise<number[]> {
  const { data } = await feed.next({ epoch, from, indices: noOrder });
  return [data[0] ?? NaN, data[4] ?? NaN];
}
const wholeEpoch = async (feed: Feed, epoch: number): Promise<number[]> => { const values: number[] = []; for (let from = 0; from < 10; from += 2) values.push(...await firsts(feed, epoch, from)); return values; };

describe('generator', () => {
  it('gives the same for the same seed, other examples each epoch, and goes on in the middle of one', async () => {
    const epochs = async (seed: number) => { const feed = await feedOf({}, seed); return [await wholeEpoch(feed, 1), await wholeEpoch(feed, 2)]; };
    const [first, second] = await epochs(1);
    expect(await epochs(1)).toEqual([first, second]);
    expect(await epochs(2)).not.toEqual([first, second]);
    expect(second).not.toEqual(first);
    const resumed = await feedOf();
    expect([...await firsts(resumed, 2, 6), ...await firsts(resumed, 2, 8)]).toEqual(second?.slice(6));
  });
  it('takes pieces of any size, bytes, asynchronous generators and lists', async () => {
    const values = Array.from({ length: 12 }, (_, i) => i / 15);
    const pieces = (sizes: number[]): GeneratedExamples[] => { let at = 0; return sizes.map((size) => Float32Array.from({ length: 4 * size }, (_, k) => values[at + Math.floor(k / 4)] ?? 0).map((value, k) => { if (k === 4 * size - 1) at += size; return value; })); };
    const wanted = values.slice(0, 10).map(Math.fround);
    for (const sizes of [[10], [1, 4, 7], [3, 3, 3, 3]]) expect(await wholeEpoch(await feedOf({ train: () => pieces(sizes) }), 1)).toEqual(wanted);
    expect(await wholeEpoch(await feedOf({ train: async function* () { for (const piece of pieces([5, 5])) { await Promise.resolve(); yield piece; } } }), 1)).toEqual(wanted);
    expect(await wholeEpoch(await feedOf({ train: () => values.map((value) => new Uint8Array(4).fill(Math.round(255 * value))) }), 1)).toEqual(wanted.map((value) => Math.fround(Math.round(value * 255) / 255)));
  });
  it('keeps the test examples, and labels', async () => {
    const labelled: ExampleGenerator = function* ({ count }) { for (let i = 0; i < count; i++) yield { images: new Float32Array(4).fill(i / 20), labels: [i % 3] }; };
    const dataset = await load({ classes: 3, train: labelled, test: labelled });
    expect([dataset.trainCount, dataset.testCount, dataset.heldOut, dataset.classes]).toEqual([10, 3, { split: 'test', count: 3 }, 3]);
    expect([...dataset.batch('test', [2]).data, dataset.labels?.('test', [0, 2])]).toEqual([...new Float32Array(4).fill(0.1), Int32Array.of(0, 2)]);
    const feed = await Feed.create(dataset, 2, 1, 1, 2);
    expect((await feed.next({ epoch: 1, from: 4, indices: noOrder })).labels).toEqual(Int32Array.of(1, 2));
    expect(() => dataset.batch('train', [0])).toThrow('makes its training examples as they are needed');
  });
  it('is known by its source and its test examples', async () => {
    const print = async (own: Partial<GeneratorOptions> = {}) => (await (await load(own)).summary()).fingerprint;
    expect(await print()).toBe(await print());
    const prints = await Promise.all([{}, { trainCount: 11 }, { train: function* () { yield new Float32Array(40); } }, { seed: 2 }].map(print));
    expect(new Set(prints).size).toBe(prints.length);
  });
  const bad = (give: GeneratedExamples | number[] | null): ExampleGenerator => function* () { yield new Float32Array(8); yield give as GeneratedExamples; };
  it.each([
    ['too few examples', function* () { yield new Float32Array(8); }, 'train ended after 2 examples of epoch 1, where 10 are wanted'],
    ['half an example', bad(new Float32Array(6)), 'train gave 6 values; one example has 4'],
    ['nothing', bad(new Float32Array(0)), 'train gave 0 values'],
    ['NaN', bad(Float32Array.of(0, 1, 0, 1, 0, NaN, 0, 0)), 'example 3 of train, epoch 1, has the value NaN, which is not between 0 and 1'],
    ['a number above 1', bad(Float32Array.of(0, 0, 2, 0)), 'example 2 of train, epoch 1, has the value 2'],
    ['a list of numbers', bad([0, 0, 0, 0]), 'train must give a Float32Array'],
    ['null', bad(null), 'train must give a Float32Array'],
    ['no generator', (() => 7) as unknown as ExampleGenerator, 'train must give examples one after another'],
  ])('refuses %s by a sentence', async (_, train, sentence) => { await expect(wholeEpoch(await feedOf({ train: train as ExampleGenerator }), 1)).rejects.toThrow(`generator(): ${sentence}`); });
  it('refuses labels that are missing or out of range', async () => {
    const labelling = (labels: number[]): ExampleGenerator => () => [{ images: new Float32Array(40), labels }];
    await expect(load({ classes: 2, test: labelling([0, 1]) })).rejects.toThrow('test gave 10 examples with 2 labels');
    await expect(load({ classes: 2, test: labelling([0, 1, 0, 1, 2, 0, 0, 0, 0, 0]) })).rejects.toThrow('example 4 of test, epoch 0, has the label 2; labels are whole numbers from 0 to 1');
  });
  it('checks its options', () => {
    expect(() => generator({ ...options(), shape: [2, 2, 2] })).toThrow('shape must be [height, width, channels] with 1 or 3 channels; got [2,2,2]');
    expect(() => generator({ ...options(), binarization: 'static' } as unknown as GeneratorOptions)).toThrow('binarization');
    expect(() => generator({ ...options(), validation: 3 } as unknown as GeneratorOptions)).toThrow('validation');
  });
});
