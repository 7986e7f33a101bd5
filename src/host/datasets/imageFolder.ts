import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { errorText } from '../../protocol/errorText';
import type { ImageFolderDescription } from '../../vae/data/index';
import { sizeOf } from '../engines/sizeOf';
import { DataError } from './dataError';
import type { Dataset } from './dataset';
import { requireSameShape } from './exampleShape';
import { firstOf } from './firstOf';
import { classesOf } from './labels';
import { absolute, paced, type LoadOptions } from './loadOptions';
import { decodePicture, withChannels, type Picture } from './picture';
import { cropTo, resize } from './resize';
import { rowsOf } from './rowWriter';
import type { Store } from './store';
import { StoredDataset } from './storedDataset';

const readable = /\.(png|jpe?g)$/i;
const otherPictures = /\.(gif|webp|bmp|tiff?|avif|heic|svg)$/i;
const NAMED = 3;
const named = (files: readonly string[]): string => firstOf(files, NAMED);

function unreadableNotice(folder: string, count: number, files: readonly string[]): string {
  return `${files.length} of ${count} images in ${folder} cannot be read and are left out (${named(files)}).`;
}
function otherPicturesNotice(folder: string, files: readonly string[]): string {
  return `Left out of ${folder}, since they are neither PNG nor JPEG: ${files.length} (${named(files)}).`;
}

/** The first files of each reason: `a.png, b.png (it is cut short); c.png (...)`. */
function withReasons(wrong: readonly { readonly name: string; readonly why: string }[]): string {
  const reasons = [...new Set(wrong.map(({ why }) => why))];
  return firstOf(reasons.map((why) => `${named(wrong.flatMap((one) => (one.why === why ? [one.name] : [])))} (${why})`), NAMED, '; ');
}

const foundSchema = z.object({ shape: z.tuple([z.number(), z.number(), z.number()]), kept: z.array(z.string()), unreadable: z.array(z.string()) });
interface Folder { readonly store: Store; readonly shape: readonly [number, number, number]; readonly kept: readonly string[]; readonly notices: readonly string[] }

async function listPictures(folder: string): Promise<{ files: string[]; others: string[] }> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => { throw new DataError(`The folder ${folder} cannot be read: ${errorText(error)}`); });
  const sorted = names.map((name) => name.split(path.sep).join('/')).filter((name) => !name.split('/').some((part) => part.startsWith('.'))).sort();
  const files = sorted.filter((name) => readable.test(name));
  if (files.length === 0) throw new DataError(`The folder ${folder} holds no PNG or JPEG file.`);
  return { files, others: sorted.filter((name) => otherPictures.test(name)) };
}

/** Brings one picture to the form of all. @throws DataError where it has another size, and none is asked for */
class Former {
  #first: { readonly name: string; readonly picture: Picture } | undefined;
  constructor(private readonly folder: string, private readonly description: ImageFolderDescription) {}

  form(picture: Picture, name: string): Picture {
    const { size, fit, channels } = this.description;
    const first = (this.#first ??= { name, picture });
    const right = withChannels(picture, channels ?? first.picture.channels);
    if (size) return resize(fit === 'crop' ? cropTo(right, size[0], size[1]) : right, size[0], size[1]);
    if (right.height !== first.picture.height || right.width !== first.picture.width) {
      throw new DataError(`The images in ${this.folder} are of unlike sizes: ${first.name} has ${first.picture.height}x${first.picture.width} pixels (height by width), ${name} ${right.height}x${right.width}. Name the size to bring them to, such as imageFolder(path, { size: 64 }).`);
    }
    return right;
  }
}

async function readFolder(folder: string, description: ImageFolderDescription, load: LoadOptions): Promise<Folder> {
  const { size, fit, channels, unreadable } = description;
  const { files, others } = await listPictures(folder);
  const stats = await Promise.all(files.map(async (name) => { const { size: bytes, mtimeMs } = await stat(path.join(folder, name)); return [name, bytes, mtimeMs]; }));
  const onProgress = paced(load);
  const { store, info } = await rowsOf({
    load, name: folder, key: ['imageFolder', folder, stats, size, fit, channels, unreadable], info: foundSchema,
    scale: () => ({ kind: 'u1', range: undefined }), size: ({ shape }) => sizeOf(shape),
    make: async (append) => {
      const former = new Former(folder, description);
      const [kept, wrong]: [string[], { name: string; why: string }[]] = [[], []];
      let shape: [number, number, number] | undefined;
      for (const [i, name] of files.entries()) {
        await onProgress(`Reading the images of ${path.basename(folder)}`, i / files.length);
        let picture: Picture;
        try {
          picture = decodePicture(await readFile(path.join(folder, name)));
        } catch (error) {
          wrong.push({ name, why: errorText(error) });
          continue;
        }
        const formed = former.form(picture, name);
        shape ??= [formed.height, formed.width, formed.channels];
        await append(formed.data);
        kept.push(name);
      }
      if (wrong.length > 0 && (unreadable === 'refuse' || !shape)) throw new DataError(`${wrong.length} of ${files.length} images in ${folder} cannot be read: ${withReasons(wrong)}. Correct or delete them, or have them left out by imageFolder(path, { unreadable: 'skip' }).`);
      if (!shape) throw new DataError(`The folder ${folder} holds no PNG or JPEG file.`);
      return { shape, kept, unreadable: wrong.map(({ name }) => name) };
    },
  });
  const notices = [
    ...(info.unreadable.length > 0 ? [unreadableNotice(folder, files.length, info.unreadable)] : []),
    ...(others.length > 0 ? [otherPicturesNotice(folder, others)] : []),
  ];
  return { store, shape: info.shape, kept: info.kept, notices };
}

/** The folder right below the top. @throws DataError for a picture that is in none */
function classesByFolder(folder: string, files: readonly string[]): string[] {
  return files.map((name) => {
    const [top, ...rest] = name.split('/');
    if (top === undefined || rest.length === 0) throw new DataError(`${path.join(folder, name)} has no label: with labels: 'folders' each image lies in the folder of its class.`);
    return top;
  });
}

/** @throws DataError naming the files */
export async function loadImageFolder(description: ImageFolderDescription, options: LoadOptions): Promise<Dataset> {
  const { path: given, labels, test } = description;
  const [folder, testFolder] = [absolute(given, options), typeof test === 'string' ? absolute(test, options) : undefined];
  const train = await readFolder(folder, description, options);
  const held = testFolder === undefined ? undefined : await readFolder(testFolder, { ...description, channels: train.shape[2] === 3 ? 3 : 1 }, options);
  if (held) requireSameShape(train.shape, held.shape, testFolder ?? '');
  return new StoredDataset({
    name: `imageFolder ${path.basename(folder)}`, imageShape: train.shape, preparation: description, train: train.store, test: held?.store ?? (test as number),
    labels: labels === 'folders' ? classesOf(classesByFolder(folder, train.kept), held && classesByFolder(testFolder ?? '', held.kept)) : undefined,
    notices: [...train.notices, ...held?.notices ?? []],
  });
}
