import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import * as z from 'zod';
import { errorText } from '../../protocol/errorText';
import type { NpzDescription } from '../../vae/data/index';
import type { ImageShape } from '../engines/engine';
import { sizeOf } from '../engines/sizeOf';
import { DataError } from './dataError';
import type { Dataset } from './dataset';
import { exampleShape, requireSameShape } from './exampleShape';
import { numberedClasses } from './labels';
import { absolute, paced, type LoadOptions } from './loadOptions';
import { exampleKind, NPY_HEADER_LIMIT, readNpyHeader, readNpyLabels } from './npyArray';
import { rowsOf } from './rowWriter';
import type { Store } from './store';
import { StoredDataset } from './storedDataset';
import { bytesOf } from './values';

/** Of the widest type. */
const LABEL_BYTES = 8;
const usual = ['x_train', 'images', 'x'];
const headerSchema = z.object({ kind: z.enum(['u1', 'b1', 'f4', 'f8']), imageShape: z.tuple([z.number(), z.number(), z.number()]) });

/** The arrays of an .npz file by their names. */
class Archive {
  private constructor(readonly file: string, private readonly zip: ZipFile, private readonly entries: ReadonlyMap<string, Entry>) {}

  static async open(file: string): Promise<Archive> {
    try {
      const zip = await openPromise(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName.replace(/\.npy$/, ''), entry);
      return new Archive(file, zip, entries);
    } catch (error) {
      throw new DataError(`${file} cannot be read as arrays saved by numpy.savez: ${errorText(error)}`);
    }
  }
  close(): void { this.zip.close(); }
  get names(): string[] { return [...this.entries.keys()]; }

  #entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (!entry) throw new DataError(`${this.file} holds no array "${name}". It holds: ${this.names.join(', ')}.`);
    return entry;
  }
  stream(name: string): Promise<Readable> { return this.zip.openReadStreamPromise(this.#entry(name)); }
  /** Labels of so many examples: a few bytes may unpack to any number. */
  async labels(name: string, count: number): Promise<Uint8Array> {
    const where = `${path.basename(this.file)}, ${name}`;
    if (this.#entry(name).uncompressedSize > NPY_HEADER_LIMIT + count * LABEL_BYTES) throw new DataError(`${where} holds more than labels of ${count} examples.`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.stream(name)) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }
}

async function readExamples(archive: Archive, name: string, { shape, range }: NpzDescription, load: LoadOptions): Promise<{ store: Store; imageShape: ImageShape }> {
  const where = `${path.basename(archive.file)}, ${name}`;
  const { size: fileSize, mtimeMs } = await stat(archive.file);
  const onProgress = paced(load);
  const { store, info } = await rowsOf({
    load, name: where, key: ['npz', archive.file, fileSize, mtimeMs, name, shape], info: headerSchema,
    scale: ({ kind }) => ({ kind, range }), size: ({ imageShape }) => sizeOf(imageShape),
    make: async (append) => {
      let [waiting, done]: [Buffer, number] = [Buffer.alloc(0), 0];
      let known: { info: z.infer<typeof headerSchema>; rowBytes: number; total: number } | undefined;
      try {
        for await (const chunk of await archive.stream(name)) {
          waiting = Buffer.concat([waiting, chunk as Buffer]);
          if (!known) {
            if (waiting.length < NPY_HEADER_LIMIT && waiting.length < 12) continue;
            const header = readNpyHeader(waiting, where);
            const [kind, imageShape] = [exampleKind(header, where), exampleShape(header.shape, shape, where)];
            const rowBytes = sizeOf(imageShape) * bytesOf[kind];
            known = { info: { kind, imageShape: [...imageShape] }, rowBytes, total: header.count * bytesOf[kind] };
            waiting = waiting.subarray(header.offset);
          }
          const { rowBytes, total } = known;
          let at = 0;
          for (; at + rowBytes <= waiting.length; at += rowBytes) await append(waiting.subarray(at, at + rowBytes));
          done += at;
          waiting = waiting.subarray(at);
          await onProgress(`Reading ${path.basename(archive.file)}`, Math.min(1, done / total));
        }
      } catch (error) {
        load.signal?.throwIfAborted();
        if (error instanceof DataError) throw error;
        throw new DataError(`${where} cannot be unpacked: ${errorText(error)}`);
      }
      if (!known || done < known.total) throw new DataError(`${where} is cut short.`);
      return known.info;
    },
  });
  return { store, imageShape: info.imageShape };
}

/** @throws DataError naming file, array and example */
export async function loadNpz(description: NpzDescription, options: LoadOptions): Promise<Dataset> {
  const archive = await Archive.open(absolute(description.path, options));
  try {
    const { labels, test, testLabels } = description;
    const images = description.images ?? usual.find((name) => archive.names.includes(name)) ?? (archive.names.length === 1 ? archive.names[0] : undefined);
    if (images === undefined) throw new DataError(`${archive.file} holds several arrays: ${archive.names.join(', ')}. Name the one to train on as "images".`);
    const train = await readExamples(archive, images, description, options);
    const held = typeof test === 'string' ? await readExamples(archive, test, description, options) : undefined;
    if (held) requireSameShape(train.imageShape, held.imageShape, `${path.basename(archive.file)}, ${String(test)}`);
    const readLabels = async (name: string, count: number) => ({ labels: readNpyLabels(await archive.labels(name, count), `${path.basename(archive.file)}, ${name}`), count, name: `${path.basename(archive.file)}, ${name},` });
    const classes = labels === undefined ? undefined : numberedClasses(await readLabels(labels, train.store.count), held && testLabels !== undefined ? await readLabels(testLabels, held.store.count) : undefined);
    return new StoredDataset({ name: `npz ${path.basename(archive.file)}`, imageShape: train.imageShape, preparation: description, train: train.store, test: held?.store ?? (test as number), labels: classes });
  } finally {
    archive.close();
  }
}
