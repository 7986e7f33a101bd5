import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { md5 } from '../../../src/host/datasets/download';
import { loadDataset } from '../../../src/host/datasets/index';
import { loadIdxSet, type IdxSet } from '../../../src/host/datasets/idxSet';
import { fashionMnistFiles } from '../../../src/host/datasets/fashionMnist';
import { kmnistFiles } from '../../../src/host/datasets/kmnist';
import { mnistFiles } from '../../../src/host/datasets/mnist';
import { readTar } from '../../../src/host/datasets/tar';
import { cifar10, fashionMnist, mnist } from '../../../src/vae/index';
import { range } from './places';
import { temporaryFolder } from '../../temporaryFolder';

beforeEach(() => { vi.stubEnv('VAE_LAB_MIRRORS', ''); });
afterEach(() => { vi.unstubAllEnvs(); });

function idx(sizes: number[], values: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x800 + sizes.length);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
}
const images = (count: number): Uint8Array => idx([count, 28, 28], Uint8Array.from({ length: count * 784 }, (_, k) => Math.floor(k / 784)));
const labels = (count: number): Uint8Array => idx([count], Uint8Array.from(range(count), (i) => i % 10));

describe('an IDX set', () => {
  it.each([['fashionMnist', fashionMnistFiles], ['kmnist', kmnistFiles], ['mnist', mnistFiles]] as const)('%s is read from a folder of its own', async (kind, set: IdxSet) => {
    vi.stubEnv('VAE_LAB_DATA', '');
    const dataFolder = temporaryFolder();
    const place = path.join(dataFolder, set.places.at(-1) ?? '');
    mkdirSync(place, { recursive: true });
    for (const part of ['train', 'test'] as const) {
      const count = part === 'train' ? 12 : 3;
      writeFileSync(path.join(place, set.images[part].name), gzipSync(images(count)));
      writeFileSync(path.join(place, set.labels[part].name.replace('.gz', '')), labels(count));
    }
    const dataset = await loadIdxSet(set, { ...mnist(), kind } as ReturnType<typeof mnist>, { dataFolder, mirrors: ['http://127.0.0.1:9/'] });
    expect([dataset.name, dataset.trainCount, dataset.testCount, dataset.classes, dataset.imageShape]).toEqual([kind, 12, 3, 10, [28, 28, 1]]);
    expect([dataset.batch('train', [11]).data[5], dataset.labels?.('train', [11])]).toEqual([Math.fround(11 / 255), Int32Array.of(1)]);
  });
  it('never takes the files of another set that lie in the data folder, since all have the same names', async () => {
    const dataFolder = temporaryFolder();
    vi.stubEnv('VAE_LAB_DATA', dataFolder);
    for (const file of [mnistFiles.images.train, mnistFiles.images.test]) writeFileSync(path.join(dataFolder, file.name), gzipSync(images(2)));
    expect((await loadDataset(mnist(), { dataFolder })).trainCount).toBe(2);
    const abort = new AbortController();
    const loading = loadDataset(fashionMnist(), { dataFolder, mirrors: ['http://127.0.0.1:9/'], signal: abort.signal, onProgress: () => { abort.abort(); } });
    setImmediate(() => { abort.abort(); }); // it goes to the network
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  });
  it('names the labels that do not fit', async () => {
    const folder = temporaryFolder();
    for (const part of ['train', 'test'] as const) {
      writeFileSync(path.join(folder, mnistFiles.images[part].name), gzipSync(images(3)));
      writeFileSync(path.join(folder, mnistFiles.labels[part].name), gzipSync(labels(2)));
    }
    await expect(loadDataset(mnist({ folder }))).rejects.toThrow(/t10k-labels-idx1-ubyte\.gz holds 2 labels for 3 examples/);
  });
});

describe('what is published', () => {
  let server: Server;
  let files: Map<string, Uint8Array>;
  const asked: string[] = [];
  beforeEach(async () => {
    files = new Map();
    asked.length = 0;
    server = createServer(({ url = '' }, response) => {
      asked.push(url);
      const found = files.get(url);
      if (found) response.end(found); else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  });
  afterEach(() => { server.close(); });

  it('is fetched with its labels, checked by its MD5 and kept in a folder of its name', async () => {
    vi.stubEnv('VAE_LAB_DATA', '');
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sets`;
    const published = (bytes: Uint8Array, name: string) => { const packed = gzipSync(bytes); files.set(`/sets/${name === 'train-images-idx3-ubyte.gz' ? 'fashionMnist/' : ''}${name}`, packed); return { name, md5: md5(packed), md5Of: 'file' as const }; };
    const set: IdxSet = {
      ...fashionMnistFiles, mirrors: [],
      images: { train: published(images(4), 'train-images-idx3-ubyte.gz'), test: published(images(2), 't10k-images-idx3-ubyte.gz') },
      labels: { train: published(labels(4), 'train-labels-idx1-ubyte.gz'), test: published(labels(2), 't10k-labels-idx1-ubyte.gz') },
    };
    const dataFolder = temporaryFolder();
    const load = () => loadIdxSet(set, fashionMnist(), { dataFolder, mirrors: [mirror] });
    expect((await load()).labels?.('train', [3])).toEqual(Int32Array.of(3));
    expect(readdirSync(path.join(dataFolder, 'fashionMnist')).sort()).toEqual(['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', 'train-images-idx3-ubyte', 'train-labels-idx1-ubyte']);
    expect(asked.filter((url) => url.endsWith('train-images-idx3-ubyte.gz'))).toEqual(['/sets/fashionMnist/train-images-idx3-ubyte.gz']);
    const before = asked.length;
    expect((await load()).trainCount).toBe(4);
    expect(asked).toHaveLength(before);
  });
});

/** Headers as `tar` writes them: name, size in octal, type. */
function tar(entries: Record<string, Uint8Array>, cut = 0): Uint8Array {
  const blocks = Object.entries(entries).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(bytes.length.toString(8).padStart(11, '0'), 124);
    header.write(name.endsWith('/') ? '5' : '0', 156);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  const whole = Buffer.concat([...blocks, Buffer.alloc(1024)]);
  return whole.subarray(0, whole.length - cut);
}

describe('cifar10', () => {
  /** Images of one record: label i, all red i, green 100 + i, blue 200 + i, but the first pixel's red 255. */
  const record = (i: number): Uint8Array => Buffer.concat([Buffer.from([i]), Buffer.from([255]), Buffer.alloc(1023, i), Buffer.alloc(1024, 100 + i), Buffer.alloc(1024, 200 + i)]);
  const archive = (changes: Record<string, Uint8Array> = {}, cut = 0): Uint8Array => gzipSync(tar({
    'cifar-10-batches-bin/': new Uint8Array(0), ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`cifar-10-batches-bin/data_batch_${i}.bin`, record(i)])), 'cifar-10-batches-bin/test_batch.bin': Buffer.concat([record(7), record(8)]), ...changes,
  }, cut));
  const load = (bytes: Uint8Array) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'cifar-10-binary.tar.gz'), bytes);
    return loadDataset(cifar10({ folder }));
  };
  it('reads the archive, channels last', async () => {
    const dataset = await load(archive());
    expect([dataset.imageShape, dataset.trainCount, dataset.testCount, dataset.classNames?.[9]]).toEqual([[32, 32, 3], 5, 2, 'truck']);
    const { data, labels: classes } = dataset.batch('train', [1]);
    expect([...data.slice(0, 6)].map((value) => Math.round(value * 255))).toEqual([255, 102, 202, 2, 102, 202]);
    expect([classes, dataset.labels?.('test', [1])]).toEqual([Int32Array.of(2), Int32Array.of(8)]);
  });
  it('names what is wrong with it', async () => {
    await expect(load(archive({ 'cifar-10-batches-bin/test_batch.bin': record(11) }))).rejects.toThrow('is damaged: image 0 has the label 11');
    await expect(load(archive({ 'cifar-10-batches-bin/test_batch.bin': record(1).subarray(1) }))).rejects.toThrow('it holds a part of an image');
    await expect(load(archive({}, 5000))).rejects.toThrow(/cannot be unpacked: cifar-10-batches-bin\/test_batch\.bin is cut short/);
    await expect(load(archive().subarray(0, 100))).rejects.toThrow('is not a whole gzip file');
    await expect(loadDataset(cifar10({ folder: temporaryFolder() }))).rejects.toThrow(/named in cifar10\(\) does not hold/);
    expect(readTar(tar({}))).toEqual(new Map());
    const backwards = Buffer.alloc(1024);
    backwards.write('a', 0);
    backwards.write('-1000', 124); // would begin anew for ever
    expect(() => readTar(backwards)).toThrow('a is cut short');
  });
});
