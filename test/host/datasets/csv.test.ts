import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { csv, type CsvOptions } from '../../../src/vae/index';
import { range, rows } from './places';
import { temporaryFolder } from '../../temporaryFolder';

const folder = temporaryFolder();
let written = 0;
function write(text: string): string {
  const file = path.join(folder, `${++written}.csv`);
  writeFileSync(file, text);
  return file;
}
const load = (text: string, options: CsvOptions = {}, memoryLimit?: number) => { const file = write(text); return loadDataset(csv(file, { test: file, ...options }), { memoryLimit, dataFolder: folder }); };

describe('csv', () => {
  it.each([
    ['commas and a header', 'a,b\n0,0.5\n1,0.25\n', {}], ['semicolons, no end of line', '0;0.5\n1;0.25', {}], ['tabs', '0\t0.5\r\n1\t0.25\r\n', {}],
    ['a mark of the encoding', '\ufeff0,0.5\n1,0.25\n', {}], ['quotes', '"a, or","b"\n"0","0.5"\n1,.25\n', {}], ['a range', '0,127.5\n255,63.75\n', { range: [0, 255] }], ['bars', '0|0.5\n1|0.25\n', { delimiter: '|' }],
  ] as const)('reads numbers with %s', async (_, text, options) => {
    for (const memoryLimit of [undefined, 4]) {
      const dataset = await load(text, options, memoryLimit);
      expect(dataset.imageShape).toEqual([1, 2, 1]);
      expect(rows(dataset.batch('test', [0, 1]))).toEqual([[0, 0.5], [1, 0.25]]);
    }
  });
  it('numbers classes of any names, by value where they are numbers', async () => {
    const text = 'x,kind,y\n0,dog,1\n0.5,cat,0\n1,dog,1\n';
    for (const labels of ['kind', 1]) {
      const dataset = await load(text, { labels });
      expect([dataset.imageShape, dataset.classNames, dataset.labels?.('train', [0, 1, 2])]).toEqual([[1, 2, 1], ['cat', 'dog'], Int32Array.of(1, 0, 1)]);
    }
    expect((await load('10,0\n9,1\n10,1\n', { labels: 0 })).classNames).toEqual(['9', '10']);
  });
  it('takes the shape of pictures, and a share for the test', async () => {
    const dataset = await load(range(50).map((i) => `${i / 50},0,1,1`).join('\n'), { shape: [2, 2, 1], test: 0.2 });
    expect([dataset.imageShape, dataset.trainCount, dataset.testCount]).toEqual([[2, 2, 1], 40, 10]);
    const firsts = [...rows(dataset.batch('train', range(40))), ...rows(dataset.batch('test', range(10)))].map(([first]) => Math.round((first ?? NaN) * 50));
    expect(firsts.sort((a, b) => a - b)).toEqual(range(50)); // each is in one of them
  });
  it('reads many lines in pieces', async () => {
    const lines = range(60_000).map((i) => `${(i % 100) / 100},0.123456789012,${i % 7}`);
    const dataset = await load(lines.join('\n'), { labels: 2 });
    expect([dataset.trainCount, dataset.classes]).toEqual([60_000, 7]);
    expect([dataset.batch('train', [59_999]).data[0], dataset.labels?.('train', [59_999])]).toEqual([Math.fround(0.99), Int32Array.of(59_999 % 7)]);
  });
  it.each([
    ['a hole', 'a,b\n0,1\n0,\n', {}, /\d\.csv, line 3, column b is empty/],
    ['a text', '0,1\n0,1\nx,1\n', {}, /line 3, column 0: "x" is not a number/],
    ['a number out of range', 'a,b\n0,1\n0,2\n', {}, /line 3, column b: 2 is not between 0 and 1.*"range"/],
    ['an infinite number', '0,1\n0,Infinity\n', {}, /line 2, column 1: Infinity is not between 0 and 1/],
    ['a short line', 'a,b\n0,1\n0\n', {}, /line 3 has 1 values where 2 should be/],
    ['an empty line', '0,1\n\n0,1\n', {}, /line 2 is empty/],
    ['an empty label', 'a,b\n0,1\n0,\n', { labels: 'b' }, /line 3, column b is empty/],
    ['no such label', 'a,b\n0,1\n', { labels: 'c' }, /has no column "c"\. Its columns: a, b/],
    ['a label by name without names', '0,1\n', { labels: 'c' }, /does not name its columns in line 1/],
    ['a label beyond the columns', '0,1\n', { labels: 2 }, /has 2 columns, counted from 0, and none of the number 2/],
    ['another shape', '0,1\n1,1\n', { shape: [2, 2, 1] }, /has 2 columns of values, where the shape \[2, 2, 1\] has 4/],
    ['nothing', '', {}, /holds no example/],
    ['a header only', 'a,b\n', {}, /holds no example/],
    ['too few for the test', '0,1\n1,1\n', { test: 0.1 }, /The test split of csv \d+\.csv is empty: 0\.1 of 2 examples is none/],
    ['none left to train on', '0,1\n1,1\n', { test: 2 }, /The training split of csv \d+\.csv is empty: of 2 examples 2 are for the test and 0 for validation/],
    ['nothing held out', '0,1\n1,1\n', { test: 0 }, /has no held-out examples/],
  ] as const)('refuses %s, naming the line', async (_, text, options, sentence) => { await expect(load(text, options)).rejects.toThrow(sentence); });
  it('says that there is no such file', async () => { await expect(loadDataset(csv('none.csv'), { baseFolder: folder })).rejects.toThrow(/none\.csv cannot be read: ENOENT/); });
});
