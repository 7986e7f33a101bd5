import type { PublishedDescription } from '../../vae/data/published';
import { DataError } from './dataError';
import type { Dataset } from './dataset';
import type { PublishedFile } from './download';
import { readIdxImages, readIdxLabels } from './idx';
import type { LoadOptions } from './loadOptions';
import { PublishedFiles, type PublishedSet } from './publishedFiles';
import { ByteStore } from './store';
import { StoredDataset } from './storedDataset';

type Part = 'train' | 'test';
/** A set of MNIST's form: 28x28 grey images of ten classes in four IDX files. */
export interface IdxSet extends PublishedSet {
  readonly classNames: readonly string[];
  readonly images: { readonly [P in Part]: PublishedFile };
  readonly labels: { readonly [P in Part]: PublishedFile };
}
const SIDE = 28;

/** From a folder, else from the cache, else from a mirror. A folder may lack the labels. @throws DataError */
export async function loadIdxSet(set: IdxSet, description: PublishedDescription<string>, options: LoadOptions): Promise<Dataset> {
  const files = new PublishedFiles(set, description.folder, options);
  await files.requireNamed(set.images.test);
  const read = async (part: Part): Promise<{ pixels: Uint8Array; labels: Int32Array | undefined }> => {
    const found = await files.get(set.images[part]);
    const { count, rows, columns, pixels } = readIdxImages(found.bytes, found.file);
    if (rows !== SIDE || columns !== SIDE) throw new DataError(`${found.file} holds images of ${rows}x${columns}; those of ${set.kind}() are ${SIDE}x${SIDE}.`);
    const labelled = found.fetched ? await files.get(set.labels[part]) : await files.find(set.labels[part]);
    if (!labelled) return { pixels, labels: undefined };
    const labels = readIdxLabels(labelled.bytes, labelled.file);
    if (labels.length !== count) throw new DataError(`${labelled.file} holds ${labels.length} labels for ${count} examples.`);
    return { pixels, labels: Int32Array.from(labels) };
  };
  const test = await read('test');
  options.signal?.throwIfAborted();
  const train = await read('train');
  return new StoredDataset({
    name: set.kind, imageShape: [SIDE, SIDE, 1], preparation: description, train: new ByteStore(train.pixels, SIDE * SIDE), test: new ByteStore(test.pixels, SIDE * SIDE),
    labels: train.labels && { names: set.classNames, train: train.labels, test: test.labels },
  });
}
