import assert from 'node:assert';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorText } from '../../protocol/errorText';
import { DataError } from './dataError';
import { download, type PublishedFile } from './download';
import { gunzip } from './gunzip';
import { absolute, cacheFolder, type LoadOptions } from './loadOptions';

export interface PublishedSet {
  /** Its name in a model file. */
  readonly kind: string;
  /** Public addresses ending in '/'. */
  readonly mirrors: readonly string[];
  /** Folders below a data folder in which the files may lie; the first is where downloads are kept. The data folder itself is looked into as well if '.' is among them. */
  readonly places: readonly string[];
}
export interface FoundFile { readonly bytes: Uint8Array; readonly file: string }

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new DataError(`${file} cannot be read: ${errorText(error)}`);
  }
}

/** A file by the name on its mirrors, packed or not, from the first of the folders that has it; unpacked. */
async function findIn(folders: readonly string[], name: string): Promise<FoundFile | undefined> {
  const plain = name.endsWith('.tar.gz') ? name : name.replace(/\.gz$/, '');
  for (const folder of folders) {
    for (const candidate of new Set([plain, name])) {
      const file = path.join(folder, candidate);
      const bytes = await readIfThere(file);
      if (!bytes) continue;
      if (!candidate.endsWith('.gz')) return { bytes, file };
      try {
        return { bytes: gunzip(bytes), file };
      } catch {
        throw new DataError(`${file} is not a whole gzip file. Delete it to have it fetched again.`);
      }
    }
  }
  return undefined;
}

/** Where a set's files are read from, and fetched to. */
export class PublishedFiles {
  readonly #folders: readonly string[];
  readonly #cache: string;
  readonly #mirrors: readonly string[];

  constructor(private readonly set: PublishedSet, private readonly named: string | undefined, private readonly options: LoadOptions) {
    const given = [options.dataFolder, process.env['VAE_LAB_DATA']].flatMap((folder) => (folder === undefined || folder === '' ? [] : [folder]));
    const own = named === undefined ? [] : [absolute(named, options)];
    this.#cache = path.join(cacheFolder(options), set.places[0] ?? set.kind);
    this.#folders = [...own.flatMap((folder) => [folder, ...set.places.map((place) => path.join(folder, place))]), ...given.flatMap((folder) => set.places.map((place) => path.join(folder, place))), this.#cache];
    const mirrors = (options.mirrors ?? process.env['VAE_LAB_MIRRORS']?.split(',') ?? []).map((address) => address.trim().replace(/\/?$/, '/')).filter((address) => address !== '/');
    this.#mirrors = [...mirrors.flatMap((mirror) => [...set.places.filter((place) => place !== '.').slice(0, 1).map((place) => `${mirror}${place}/`), mirror]), ...set.mirrors];
  }

  /** @throws DataError where the folder named in the model file does not hold the file */
  async requireNamed({ name }: PublishedFile): Promise<void> {
    if (this.named === undefined) return;
    const folder = absolute(this.named, this.options);
    const found = await findIn([folder, ...this.set.places.map((place) => path.join(folder, place))], name);
    if (!found) throw new DataError(`The data folder ${folder} named in ${this.set.kind}() does not hold ${name.replace(/\.gz$/, '')} or ${name}.`);
  }

  /** A file that need not be there; it is not downloaded. */
  find({ name }: PublishedFile): Promise<FoundFile | undefined> { return findIn(this.#folders, name); }

  /** A file from a folder, else from a mirror. @throws DataError */
  async get(file: PublishedFile): Promise<FoundFile & { readonly fetched: boolean }> {
    const there = await this.find(file);
    if (there) return { ...there, fetched: false };
    const { onProgress, signal } = this.options;
    const kept = await download({ dataset: `${this.set.kind}()`, mirrors: this.#mirrors, file, folder: this.#cache, onProgress, signal });
    const found = await findIn([path.dirname(kept)], file.name);
    assert(found, `${kept} is gone`);
    return { ...found, fetched: true };
  }
}
