import type { DataDescription } from '../../vae/data';
import type { Dataset } from './dataset';
import { loadMnist } from './mnist';
import { makeSprites } from './sprites';

export { DataError, factsOf, type Dataset } from './dataset';
export interface LoadOptions {
  /** Looked into first; downloads are kept here too. Else VAE_LAB_DATA, else ~/.cache/vae-lab. */
  readonly dataFolder?: string | undefined;
  readonly onProgress?: ((what: string, fraction?: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Addresses of folders that hold the files of a data set, tried before the public ones. Else VAE_LAB_MIRRORS, separated by commas. */
  readonly mirrors?: readonly string[] | undefined;
}

/** Reads, makes or downloads a data set. @throws DataError with a sentence; the signal's reason when cancelled. */
export async function loadDataset(description: DataDescription, options: LoadOptions = {}): Promise<Dataset> {
  switch (description.kind) {
    case 'mnist': return loadMnist(description, options);
    case 'sprites': return makeSprites(description);
  }
}
