import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { imageFolder, type ImageFolderOptions } from '../../../src/vae/index';
import { picture, range } from './places';
import { temporaryFolder } from '../../temporaryFolder';

/** A folder with two classes of `count` grey pictures of 4x3 each, picture i of value i. */
function made(count = 5): string {
  const folder = temporaryFolder();
  for (const [k, name] of ['cats', 'dogs'].entries()) {
    mkdirSync(path.join(folder, name));
    for (const i of range(count)) writeFileSync(path.join(folder, name, `${i}.png`), encode({ height: 4, width: 3, channels: 1, depth: 8, data: new Uint8Array(12).fill(10 * (count * k + i)) }));
  }
  return folder;
}
const load = (folder: string, options: ImageFolderOptions = {}, memoryLimit?: number) => loadDataset(imageFolder(folder, options), { memoryLimit, dataFolder: path.join(folder, '.cache') });

describe('imageFolder', () => {
  it('reads the files in the order of their paths, with the folders as labels', async () => {
    const folder = made();
    writeFileSync(path.join(folder, 'notes.txt'), 'no picture');
    const dataset = await load(folder, { labels: 'folders', test: folder });
    expect([dataset.imageShape, dataset.trainCount, dataset.classNames, dataset.notices]).toEqual([[4, 3, 1], 10, ['cats', 'dogs'], undefined]);
    const { data, labels } = dataset.batch('train', range(10));
    expect(range(10).map((i) => Math.round((data[12 * i] ?? NaN) * 255))).toEqual(range(10).map((i) => 10 * i));
    expect(labels).toEqual(Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
  });
  it('keeps what does not fit into memory in a file, decoded once', async () => {
    const folder = made();
    const first = await load(folder, {}, 50);
    const again = await load(folder, {}, 50);
    const inMemory = await load(folder);
    expect(first.training.examples).toMatchObject({ store: { fetch: expect.any(Function) as unknown } });
    for (const dataset of [first, again]) expect(dataset.batch('train', range(9))).toEqual(inMemory.batch('train', range(9)));
    writeFileSync(path.join(folder, 'cats', '9.png'), encode({ height: 4, width: 3, channels: 1, depth: 8, data: new Uint8Array(12) }));
    expect((await load(folder, { test: 1 }, 50)).trainCount).toBe(10); // the folder has changed
  });
  it('brings pictures of unlike sizes to one, or names two of them', async () => {
    const folder = made(1);
    copyFileSync(picture('colour.png'), path.join(folder, 'dogs', 'other.png'));
    await expect(load(folder)).rejects.toThrow(/unlike sizes: cats\/0\.png has 4x3 pixels \(height by width\), dogs\/other\.png 9x7\. Name the size/);
    expect((await load(folder, { size: [5, 6], test: 1 })).imageShape).toEqual([5, 6, 1]);
    expect((await load(folder, { size: 8, channels: 3, test: 1, fit: 'stretch' })).imageShape).toEqual([8, 8, 3]);
  });
  it('names, counts and refuses files that cannot be read, or leaves them out by choice', async () => {
    const folder = made();
    for (const name of ['a.png', 'b.jpg', 'c.png', 'd.jpeg']) writeFileSync(path.join(folder, 'cats', name), name === 'c.png' ? '' : 'no picture');
    writeFileSync(path.join(folder, 'old.gif'), 'GIF89a');
    await expect(load(folder)).rejects.toThrow(/^4 of 14 images in .* cannot be read: cats\/a\.png, cats\/b\.jpg, cats\/d\.jpeg \(it is neither a PNG nor a JPEG\); cats\/c\.png \(it is empty\)\. .*unreadable: 'skip'/);
    for (const memoryLimit of [undefined, 50, 50]) {
      const dataset = await load(folder, { unreadable: 'skip', test: 2 }, memoryLimit);
      expect(dataset.trainCount).toBe(8);
      expect(dataset.notices).toEqual([`4 of 14 images in ${folder} cannot be read and are left out (cats/a.png, cats/b.jpg, cats/c.png, ...).`, `Left out of ${folder}, since they are neither PNG nor JPEG: 1 (old.gif).`]);
      expect((await dataset.summary()).notices).toEqual(dataset.notices);
    }
  });
  it('names a picture without a label, an empty folder and a missing one', async () => {
    const folder = made();
    copyFileSync(picture('grey.png'), path.join(folder, 'stray.png'));
    await expect(load(folder, { labels: 'folders', size: 4 })).rejects.toThrow(/stray\.png has no label: with labels: 'folders'/);
    await expect(load(temporaryFolder())).rejects.toThrow(/holds no PNG or JPEG file/);
    await expect(load(path.join(folder, 'none'))).rejects.toThrow(/The folder .*none cannot be read: ENOENT/);
  });
  it('can be stopped', async () => {
    const abort = new AbortController();
    abort.abort(new Error('stopped'));
    await expect(loadDataset(imageFolder(made()), { signal: abort.signal })).rejects.toThrow('stopped');
  });
});
