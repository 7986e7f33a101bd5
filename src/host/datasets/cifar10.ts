import type { Cifar10Description } from '../../vae/data/index';
import { errorText } from '../../protocol/errorText';
import { DataError } from './dataError';
import type { Dataset } from './dataset';
import type { PublishedFile } from './download';
import type { LoadOptions } from './loadOptions';
import { PublishedFiles } from './publishedFiles';
import { ByteStore } from './store';
import { StoredDataset } from './storedDataset';
import { readTar } from './tar';

const archive: PublishedFile = { name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530', md5Of: 'file' };
const set = { kind: 'cifar10', mirrors: ['https://www.cs.toronto.edu/~kriz/', 'https://cave.cs.toronto.edu/kriz/'], places: ['cifar10', '.'] } as const;
const names = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const SIDE = 32;
const PIXELS = SIDE * SIDE;
/** A label, then the red, green and blue values of all pixels. */
const RECORD = 1 + 3 * PIXELS;

/** Records of the binary version as images with the channels last, and labels. @throws DataError for a label above 9, or a part that is no whole record */
export function readCifarRecords(parts: readonly Uint8Array[], file: string): { pixels: Uint8Array; labels: Int32Array } {
  const count = parts.reduce((sum, part) => sum + part.length, 0) / RECORD;
  if (parts.some((part) => part.length % RECORD !== 0)) throw new DataError(`${file} is damaged: it holds a part of an image. Delete it to have it fetched again.`);
  const [pixels, labels] = [new Uint8Array(count * 3 * PIXELS), new Int32Array(count)];
  let i = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += RECORD, i++) {
      labels[i] = part[at] ?? 0;
      if ((labels[i] ?? 0) >= names.length) throw new DataError(`${file} is damaged: image ${i} has the label ${labels[i] ?? 0}. Delete it to have it fetched again.`);
      for (let c = 0; c < 3; c++) for (let k = 0; k < PIXELS; k++) pixels[(i * PIXELS + k) * 3 + c] = part[at + 1 + c * PIXELS + k] ?? 0;
    }
  }
  return { pixels, labels };
}

/** From a folder that holds the archive of the binary version, else from the cache, else from a mirror. @throws DataError */
export async function loadCifar10(description: Cifar10Description, options: LoadOptions): Promise<Dataset> {
  const files = new PublishedFiles(set, description.folder, options);
  await files.requireNamed(archive);
  const { bytes, file } = await files.get(archive);
  let entries: Map<string, Uint8Array>;
  try {
    entries = readTar(bytes);
  } catch (error) {
    throw new DataError(`${file} cannot be unpacked: ${errorText(error)}`);
  }
  const part = (name: string): Uint8Array => {
    const found = entries.get(`cifar-10-batches-bin/${name}.bin`);
    if (!found) throw new DataError(`${file} does not hold ${name}.bin. Delete it to have it fetched again.`);
    return found;
  };
  const train = readCifarRecords([1, 2, 3, 4, 5].map((i) => part(`data_batch_${i}`)), file);
  const test = readCifarRecords([part('test_batch')], file);
  return new StoredDataset({
    name: set.kind, imageShape: [SIDE, SIDE, 3], preparation: description, train: new ByteStore(train.pixels, 3 * PIXELS), test: new ByteStore(test.pixels, 3 * PIXELS),
    labels: { names, train: train.labels, test: test.labels },
  });
}
