import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mnist, sprites } from '../../../src/vae/index';
import { DataError, loadDataset } from '../../../src/host/datasets/index';
import { readIdxImages } from '../../../src/host/datasets/idx';
import { drawSprite } from '../../../src/host/datasets/sprites';
import { temporaryFolder } from '../../temporaryFolder';

const sum = (data: Float32Array): number => data.reduce((a, b) => a + b, 0);

describe('sprites', () => {
  it('are the same for the same seed', async () => {
    const a = await loadDataset(sprites());
    expect([a.trainCount, a.testCount, a.imageShape]).toEqual([6000, 1000, [32, 32, 1]]);
    const b = await loadDataset(sprites());
    const c = await loadDataset(sprites({ seed: 2 }));
    expect(b.batch('train', [0, 17])).toEqual(a.batch('train', [0, 17]));
    expect(c.batch('train', [0])).not.toEqual(a.batch('train', [0]));
    const lit = Array.from({ length: 200 }, (_, i) => sum(a.batch('test', [i]).data));
    expect(Math.min(...lit)).toBeGreaterThan(10);
    expect(Math.max(...lit)).toBeLessThan(400);
    expect(() => a.batch('test', [1000])).toThrow('no test example 1000');
  });
});

describe('a sprite', () => {
  it('is drawn where it is, and its other pixels are not looked at', () => {
    const drawn: number[] = [];
    const pixels = new Proxy(new Uint8Array(32 * 32), { set: (target, at, value: number) => { drawn.push(Number(at)); return Reflect.set(target, at, value); } });
    drawSprite({ shape: 'square', scale: 4, rotation: 0.5, x: 9.5, y: 20.5 }, pixels);
    expect(drawn.length).toBeLessThanOrEqual(13 ** 2); // half the extent and half of that again, to both sides
    expect(drawn.every((at) => Math.abs(at % 32 - 9) <= 6 && Math.abs(Math.floor(at / 32) - 20) <= 6)).toBe(true);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe('IDX', () => {
  const whole = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 7, 9]);
  it('reads images', () => { expect(readIdxImages(whole, 'f')).toMatchObject({ count: 1, rows: 2, columns: 1, pixels: Uint8Array.of(7, 9) }); });
  it.each([
    ['a cut file', whole.subarray(0, 17), /^f is cut short/], ['a cut header', whole.subarray(0, 9), /only 9 bytes/],
    ['labels', Uint8Array.from([0, 0, 8, 1, ...whole.subarray(4)]), /0x00000801/],
  ] as const)('refuses %s', (_, bytes, sentence) => { expect(() => readIdxImages(bytes, 'f')).toThrow(sentence); });
});

describe('mnist', () => {
  it('names the broken file, or the missing folder', async () => {
    const folder = temporaryFolder();
    await expect(loadDataset(mnist({ folder }))).rejects.toThrow(`The data folder ${folder} named in mnist()`);
    await writeFile(path.join(folder, 't10k-images-idx3-ubyte.gz'), 'no');
    const loading = loadDataset(mnist(), { dataFolder: folder });
    await expect(loading).rejects.toBeInstanceOf(DataError);
    await expect(loading).rejects.toThrow('t10k-images-idx3-ubyte.gz is not a whole gzip file');
  });
  it.skipIf(!process.env['VAE_LAB_DATA'])('reads the files in VAE_LAB_DATA', async () => {
    const data = await loadDataset(mnist());
    expect([data.trainCount, data.testCount, data.imageShape]).toEqual([60000, 10000, [28, 28, 1]]);
    let all = 0;
    for (let from = 0; from < 60000; from += 6000) all += sum(data.batch('train', Array.from({ length: 6000 }, (_, i) => from + i)).data) / 60000 / 784;
    expect(all).toBeCloseTo(0.1307, 4); // the mean brightness of MNIST
    const counts = new Array<number>(10).fill(0);
    for (const label of data.labels?.('train', Array.from({ length: 60000 }, (_, i) => i)) ?? []) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]); // as published
  });
});
