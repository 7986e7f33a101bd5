import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { MnistDescription } from '../../vae/data';
import { ByteDataset, DataError } from './dataset';
import { download } from './download';
import { readIdxImages } from './idx';
import type { LoadOptions } from './index';
import { errorText } from '../../protocol/errorText';

export const mnistMirrors: readonly string[] = ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'];
export const mnistFiles = {
  train: { name: 'train-images-idx3-ubyte', md5: '6bbc9ace898e44ae57da46a324031adb' },
  test: { name: 't10k-images-idx3-ubyte', md5: '2646ac647ad5339dbf082846283269ea' },
} as const;
/** Fetched with the images, so that a folder once filled is whole; training does not read them. */
const labelFiles = {
  train: { name: 'train-labels-idx1-ubyte', md5: 'a25bea736e30d166cdddb491f175f624' },
  test: { name: 't10k-labels-idx1-ubyte', md5: '27ae3e4e09519cfbb04c329615203637' },
} as const;

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new DataError(`${file} cannot be read: ${errorText(error)}`);
  }
}

/** The file, unpacked, from the folder or its `mnist` subfolder, packed or not. */
async function findIn(folder: string, name: string): Promise<{ bytes: Uint8Array; file: string } | undefined> {
  for (const place of [folder, path.join(folder, 'mnist')]) {
    const plain = path.join(place, name);
    const bytes = await readIfThere(plain);
    if (bytes) return { bytes, file: plain };
    const packed = await readIfThere(`${plain}.gz`);
    if (!packed) continue;
    try {
      return { bytes: gunzipSync(packed), file: `${plain}.gz` };
    } catch {
      throw new DataError(`${plain}.gz is not a whole gzip file. Delete it to have it fetched again.`);
    }
  }
  return undefined;
}

const cacheFolder = (): string => path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'vae-lab', 'mnist');

/** MNIST's images from a folder, else from the cache, else from a mirror. Labels are not needed. */
export async function loadMnist(description: MnistDescription, options: LoadOptions): Promise<ByteDataset> {
  const named = description.folder;
  if (named !== undefined && !(await findIn(named, mnistFiles.test.name))) throw new DataError(`The data folder ${named} named in mnist() does not hold ${mnistFiles.test.name} or ${mnistFiles.test.name}.gz.`);
  const folders = [named, options.dataFolder, process.env['VAE_LAB_DATA']].filter((folder) => folder !== undefined && folder !== '');
  const cache = options.dataFolder ?? cacheFolder();
  const mirrors = [...(options.mirrors ?? process.env['VAE_LAB_MIRRORS']?.split(',') ?? []).map((address) => address.trim().replace(/\/?$/, '/')).filter((address) => address !== '/'), ...mnistMirrors];
  const read = async (split: 'train' | 'test'): Promise<Uint8Array> => {
    const { name, md5 } = mnistFiles[split];
    let found: { bytes: Uint8Array; file: string } | undefined;
    for (const folder of [...folders, cache]) found ??= await findIn(folder ?? cache, name);
    if (!found) {
      const fetch = (file: { name: string; md5: string }): Promise<Uint8Array> =>
        download({ mirrors, file: `${file.name}.gz`, md5: file.md5, folder: cache, onProgress: options.onProgress, signal: options.signal });
      found = { bytes: await fetch({ name, md5 }), file: path.join(cache, name) };
      if (!(await findIn(cache, labelFiles[split].name))) await fetch(labelFiles[split]);
    }
    const { rows, columns, pixels } = readIdxImages(found.bytes, found.file);
    if (rows !== 28 || columns !== 28) throw new DataError(`${found.file} holds images of ${rows}x${columns}; MNIST's are 28x28.`);
    return pixels;
  };
  const test = await read('test');
  options.signal?.throwIfAborted();
  return new ByteDataset('mnist', [28, 28, 1], await read('train'), test);
}
