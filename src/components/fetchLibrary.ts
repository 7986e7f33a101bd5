import path from 'node:path';
import { FetchError, fetchFile, type FetchFailure, type FetchOptions } from './fetchFile';
import { hashOfFile } from './hashOfFile';
import { shown } from './httpGet';
import { SetUpError } from './setUpError';

export interface LibraryFile extends Omit<FetchOptions, 'isRight'> { readonly sha256: string }

const sentences: { readonly [K in FetchFailure]: (name: string, folder: string, why: string, address: string) => SetUpError } = {
  disk: (name, folder, code) => new SetUpError(`${name} cannot be written into ${folder} (${code}). Make room or correct the permissions, and set up again.`),
  status: (_, __, why) => new SetUpError(`${why}. Check the network, the proxy and the package index, and set up again.`),
  page: (_, __, why) => new SetUpError(`${why}. Look for a proxy or a network that asks to log in first, and set up again.`),
  size: (_, __, why) => new SetUpError(`${why}. The server or a proxy changes the file.`),
  checksum: (name, _, __, address) => new SetUpError(`The checksum of ${name} from ${address} is wrong, so it was thrown away. Set up again; if it happens again, the server or a proxy changes the file.`),
  network: (name, _, why) => new SetUpError(`${name} could not be downloaded: ${why}. Check the network and set up again; what has come so far is kept.`),
  refused: (_, __, sentence) => new SetUpError(sentence),
};

/** Downloads a file of a component, pinned by its SHA-256. @throws SetUpError with a sentence; AbortError when cancelled */
export async function fetchLibrary({ sha256, ...options }: LibraryFile): Promise<void> {
  const { target, signal } = options;
  await fetchFile({ ...options, isRight: async (file) => await hashOfFile('sha256', file, signal) === sha256 }).catch((error: unknown) => {
    throw error instanceof FetchError ? sentences[error.kind](path.basename(target), path.dirname(target), error.message, shown(options.address)) : error;
  });
}
