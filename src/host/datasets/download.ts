import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { FetchError, fetchFile } from '../../components/fetchFile';
import { hashOfFile } from '../../components/hashOfFile';
import { DataError } from './dataError';
import { gunzip } from './gunzip';

/** A file of a data set on a mirror, and the MD5 that was published: of the file as it is sent, or of its bytes unpacked. */
export interface PublishedFile { readonly name: string; readonly md5: string; readonly md5Of: 'file' | 'unpacked' }
export interface DownloadOptions {
  /** The data set's name, for a person. */
  readonly dataset: string;
  /** Addresses ending in '/', tried in order. */
  readonly mirrors: readonly string[];
  readonly file: PublishedFile;
  readonly folder: string;
  readonly onProgress?: ((what: string, fraction?: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A mirror that sends nothing for so long is given up. */
  readonly idleMs?: number | undefined;
}
const ATTEMPTS_A_MIRROR = 2;
export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/**
 * Fetches a file, checks it and keeps it in `folder`: a .gz file unpacked, others as they are. A cut transfer goes on from where it stopped, then on the
 * next mirror. Returns the path of what is kept. @throws DataError telling what each mirror said; AbortError when cancelled
 */
export async function download(options: DownloadOptions): Promise<string> {
  const { dataset, mirrors, file, folder, signal, onProgress, idleMs } = options;
  const target = path.join(folder, file.name);
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      await fetchFile({
        address: `${mirror}${file.name}`, target, signal, idleMs, attempts: ATTEMPTS_A_MIRROR, isRight: (part) => isRight(part, file, signal),
        onBytes: (done, total) => { onProgress?.(`Downloading ${file.name}`, total === undefined ? undefined : Math.min(1, done / total)); },
      });
      return await unpacked(target);
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      if (error.kind === 'disk') throw new DataError(`The data folder ${folder} cannot be written (${error.message}). Make room, correct its permissions, or name another in "vaeLab.dataFolder".`);
      failures.push(error.message);
    }
  }
  throw new DataError(`${file.name} could not be downloaded: ${failures.join('; ')}. Check the network, name a mirror that is reached in "vaeLab.dataMirrors" or VAE_LAB_MIRRORS, or put the files of ${dataset} into a folder and name it in "vaeLab.dataFolder" or VAE_LAB_DATA.`);
}

async function isRight(part: string, { md5: wanted, md5Of }: PublishedFile, signal: AbortSignal | undefined): Promise<boolean> {
  if (md5Of === 'file') return await hashOfFile('md5', part, signal) === wanted;
  try {
    return md5(gunzip(await readFile(part))) === wanted;
  } catch { return false; } // not a gzip file
}

/** A .gz file is kept as what it holds, which is read at once; the archive goes. */
async function unpacked(file: string): Promise<string> {
  if (!file.endsWith('.gz') || file.endsWith('.tar.gz')) return file;
  const target = file.slice(0, -'.gz'.length);
  await writeFile(`${target}.new`, gunzip(await readFile(file)));
  await rename(`${target}.new`, target);
  await rm(file, { force: true });
  return target;
}
