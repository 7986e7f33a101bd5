import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorText } from '../../protocol/errorText';
import type { NpyDescription } from '../../vae/data/index';
import type { ImageShape } from '../engines/engine';
import { sizeOf } from '../engines/sizeOf';
import { DataError } from './dataError';
import type { Dataset } from './dataset';
import { exampleShape, requireSameShape } from './exampleShape';
import { FileStore } from './fileStore';
import { numberedClasses } from './labels';
import { absolute, memoryLimitOf, type LoadOptions } from './loadOptions';
import { exampleKind, NPY_HEADER_LIMIT, readNpyHeader, readNpyLabels } from './npyArray';
import type { Store } from './store';
import { StoredDataset } from './storedDataset';
import { bytesOf, storeOf } from './values';

async function beginningOf(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const bytes = new Uint8Array(NPY_HEADER_LIMIT);
      return bytes.subarray(0, (await handle.read(bytes, 0, bytes.length, 0)).bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new DataError(`${file} cannot be read: ${errorText(error)}`);
  }
}

/** Examples of a .npy file: in memory up to the limit, read from the file beyond. */
async function readExamples(file: string, { shape, range }: NpyDescription, options: LoadOptions): Promise<{ store: Store; imageShape: ImageShape }> {
  const header = readNpyHeader(await beginningOf(file), file);
  const scale = { kind: exampleKind(header, file), range };
  const imageShape = exampleShape(header.shape, shape, file);
  const size = sizeOf(imageShape);
  const bytes = header.count * bytesOf[scale.kind];
  const stored = new FileStore({ file, offset: header.offset, count: header.count / size, size, scale });
  if (bytes > memoryLimitOf(options)) return { store: stored, imageShape };
  return { store: storeOf((await readFile(file)).subarray(header.offset, header.offset + bytes), scale, size, path.basename(file)), imageShape };
}

async function readLabels(file: string, count: number): Promise<{ labels: number[]; count: number; name: string }> {
  const bytes = await readFile(file).catch((error: unknown) => { throw new DataError(`${file} cannot be read: ${errorText(error)}`); });
  return { labels: readNpyLabels(bytes, file), count, name: file };
}

/** @throws DataError naming file and example */
export async function loadNpy(description: NpyDescription, options: LoadOptions): Promise<Dataset> {
  const { path: given, labels, test, testLabels } = description;
  const file = absolute(given, options);
  options.onProgress?.(`Reading ${path.basename(file)}`);
  const train = await readExamples(file, description, options);
  const held = typeof test === 'string' ? await readExamples(absolute(test, options), description, options) : undefined;
  if (held) requireSameShape(train.imageShape, held.imageShape, String(test));
  const classes = labels === undefined ? undefined : numberedClasses(await readLabels(absolute(labels, options), train.store.count), held && testLabels !== undefined ? await readLabels(absolute(testLabels, options), held.store.count) : undefined);
  return new StoredDataset({ name: `npy ${path.basename(file)}`, imageShape: train.imageShape, preparation: description, train: train.store, test: held?.store ?? (test as number), labels: classes });
}
