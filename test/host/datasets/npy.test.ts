import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError, loadDataset } from '../../../src/host/datasets/index';
import { readNpyHeader } from '../../../src/host/datasets/npyArray';
import { npy, npz, type NpyOptions } from '../../../src/vae/index';
import { zip } from '../components/zip';
import { array, expected, range, rows } from './places';
import { temporaryFolder } from '../../temporaryFolder';

/** All examples in the order of the file: the test file is the same file. */
const whole = (name: string, options: NpyOptions = {}) => loadDataset(npy(array(name), { test: array(name), ...options }));
const unit = (bytes: number[][]): number[][] => bytes.map((row) => row.map((byte) => Math.fround(byte / 255)));

describe('npy', () => {
  it.each([
    ['bytes.npy', [3, 2, 1], unit(expected.bytes)], ['version2.npy', [3, 2, 1], unit(expected.bytes)], ['channels.npy', [1, 2, 3], unit(expected.bytes)], ['rows.npy', [1, 6, 1], unit(expected.bytes)],
    ['float32.npy', [3, 2, 1], expected.floats.map((row) => row.map(Math.fround))], ['float64.npy', [3, 2, 1], expected.floats.map((row) => row.map(Math.fround))],
    ['bool.npy', [3, 2, 1], expected.floats.map((row) => row.map((value) => (value > 0.5 ? 1 : 0)))],
  ])('reads %s as NumPy does, from memory and from the file', async (name, shape, values) => {
    for (const memoryLimit of [undefined, 1]) {
      const dataset = await loadDataset(npy(array(name), { test: array(name) }), { memoryLimit });
      expect([dataset.imageShape, dataset.trainCount, dataset.testCount]).toEqual([shape, 12, 12]);
      expect(rows(dataset.batch('test', range(12)))).toEqual(values);
      expect(dataset.training.examples).toMatchObject(memoryLimit === undefined ? { store: { count: 12 } } : { store: { fetch: expect.any(Function) as unknown } });
    }
  });
  it('takes another shape and range', async () => {
    const dataset = await whole('signed.npy', { shape: [2, 3, 1], range: [-1, 1] });
    expect(dataset.imageShape).toEqual([2, 3, 1]);
    rows(dataset.batch('test', range(12))).forEach((row, i) => { row.forEach((value, k) => { expect(value).toBeCloseTo(expected.floats[i]?.[k] ?? NaN, 6); }); });
  });
  it('reads labels of any whole type', async () => {
    for (const type of ['int64', 'uint8']) {
      const dataset = await whole('bytes.npy', { labels: array(`labels-${type}.npy`), testLabels: array(`labels-${type}.npy`) });
      expect([dataset.classes, dataset.classNames, dataset.labels?.('test', [0, 1, 2, 11])]).toEqual([3, ['0', '1', '2'], Int32Array.of(0, 1, 2, 2)]);
      expect(dataset.batch('train', [4]).labels).toEqual(Int32Array.of(1));
    }
  });
  it.each([
    ['int32.npy', {}, /int32\.npy holds numbers of the type "<i4"\. Examples are uint8, bool, float32 or float64/],
    ['bigEndian.npy', {}, /of the type ">f4"/],
    ['fortran.npy', {}, /stored column by column/],
    ['records.npy', {}, /records of several fields/],
    ['channelsFirst.npy', {}, /\[2, 3, 4, 5\], with the channels first\. Save array\.transpose/],
    ['empty.npy', {}, /there is no example in it/],
    ['hole.npy', {}, /hole\.npy, example 7: value 2 is NaN, which is not between 0 and 1/],
    ['signed.npy', {}, /signed\.npy, example 0: value \d is -0\.\d+, which is not between 0 and 1.*"range"/],
    ['bytes.npy', { shape: [2, 2, 1] }, /6 values an example, where the shape \[2, 2, 1\] has 4/],
    ['bytes.npy', { labels: array('labels-short.npy') }, /labels-short\.npy holds 9 labels for 12 examples/],
    ['bytes.npy', { labels: array('labels-float.npy') }, /labels-float\.npy holds numbers of the type "<f8"; labels are whole numbers/],
    ['missing.npy', {}, /missing\.npy cannot be read: ENOENT/],
  ] as const)('refuses %s %j', async (name, options, sentence) => {
    const loading = loadDataset(npy(array(name), { test: 2, ...options }));
    await expect(loading).rejects.toThrow(sentence);
    await expect(loading).rejects.toBeInstanceOf(DataError);
  });
  it('names a hole in a file too large for memory when it is come upon', async () => {
    const dataset = await loadDataset(npy(array('hole.npy'), { test: array('float32.npy') }), { memoryLimit: 1 });
    expect(() => dataset.batch('train', [7])).toThrow('hole.npy, example 7: value 2 is NaN');
  });
  it('refuses a file cut short, and what is no array', async () => {
    const file = path.join(temporaryFolder(), 'cut.npy');
    copyFileSync(array('float32.npy'), file);
    truncateSync(file, 400);
    await expect(loadDataset(npy(file))).rejects.toThrow(/cut\.npy is cut short: its header tells of 416 bytes, and there are 400/);
    expect(() => readNpyHeader(Buffer.from('PK not an array'), 'f')).toThrow('f is not an array saved by numpy.save');
  });
  it('refuses examples of no values', async () => {
    await expect(loadDataset(npy(path.resolve('test/fuzz/seeds/npy/no-values.npy')))).rejects.toThrow('no-values.npy has the shape [30, 0]: there is no example in it.');
  });
  it('takes paths from the model file', async () => {
    expect((await loadDataset(npy('bytes.npy'), { baseFolder: path.dirname(array('x')) })).trainCount).toBe(11);
  });
});

describe('npz', () => {
  it('reads arrays by name, packed, from memory and from the cache', async () => {
    const dataFolder = temporaryFolder();
    const load = (memoryLimit?: number) => loadDataset(npz(array('packed.npz'), { labels: 'y_train', test: 'x_test', testLabels: 'y_test' }), { dataFolder, memoryLimit });
    for (const dataset of [await load(), await load(10), await load(10)]) {
      expect([dataset.imageShape, dataset.trainCount, dataset.testCount, dataset.classes]).toEqual([[3, 2, 1], 12, 4, 3]);
      expect(rows(dataset.batch('train', range(12)))).toEqual(unit(expected.bytes));
      expect(dataset.labels?.('test', [3])).toEqual(Int32Array.of(0));
    }
    expect((await load(10)).training.examples).toMatchObject({ store: { fetch: expect.any(Function) as unknown } });
  });
  it('does not unpack labels that are more than those of its examples', async () => {
    const file = path.join(temporaryFolder(), 'bomb.npz');
    writeFileSync(file, zip({ 'x.npy': readFileSync(array('bytes.npy')), 'y.npy': Buffer.concat([readFileSync(array('labels-uint8.npy')), Buffer.alloc(2 ** 17)]) }));
    await expect(loadDataset(npz(file, { images: 'x', labels: 'y' }))).rejects.toThrow('bomb.npz, y holds more than labels of 12 examples.');
  });
  it('names the arrays there are', async () => {
    await expect(loadDataset(npz(array('plain.npz')))).rejects.toThrow(/holds several arrays: a, b\. Name the one to train on as "images"/);
    await expect(loadDataset(npz(array('plain.npz'), { images: 'c' }))).rejects.toThrow(/holds no array "c"\. It holds: a, b/);
    await expect(loadDataset(npz(array('bytes.npy')))).rejects.toThrow(/cannot be read as arrays saved by numpy\.savez/);
    const dataset = await loadDataset(npz(array('plain.npz'), { images: 'a', test: 'b' }));
    expect(rows(dataset.batch('train', range(12)))).toEqual(expected.floats.map((row) => row.map(Math.fround)));
  });
});
