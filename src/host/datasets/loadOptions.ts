import { homedir } from 'node:os';
import path from 'node:path';

export interface LoadOptions {
  /** Looked into first; downloads are kept here too. Else VAE_LAB_DATA, else ~/.cache/vae-lab. */
  readonly dataFolder?: string | undefined;
  readonly onProgress?: ((what: string, fraction?: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Addresses of folders that hold the files of a data set, tried before the public ones. Else VAE_LAB_MIRRORS, separated by commas. */
  readonly mirrors?: readonly string[] | undefined;
  /** What relative paths in a description are taken from: the model file's folder. Default: the working directory. */
  readonly baseFolder?: string | undefined;
  /** Examples are kept in memory up to so many bytes, and in a file beyond. */
  readonly memoryLimit?: number | undefined;
}
const MEMORY_LIMIT = 512 * 1024 * 1024;

export const memoryLimitOf = ({ memoryLimit }: LoadOptions): number => memoryLimit ?? MEMORY_LIMIT;
export const absolute = (file: string, { baseFolder }: LoadOptions): string => path.resolve(baseFolder ?? '.', file);
/** Where what is downloaded or prepared is kept. */
export const cacheFolder = ({ dataFolder }: LoadOptions): string => dataFolder ?? path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'vae-lab');

/** As often as a person can see it; in between the event loop gets a turn, so that a stop is heard. */
export function paced({ onProgress, signal }: LoadOptions, everyMs = 50): (what: string, fraction?: number) => Promise<void> {
  let last = performance.now();
  return async (what, fraction) => {
    signal?.throwIfAborted();
    if (performance.now() - last < everyMs) return;
    onProgress?.(what, fraction);
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    last = performance.now();
  };
}
