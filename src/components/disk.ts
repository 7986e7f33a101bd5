import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** Bytes that a user may still write where a folder is or will be. */
export async function freeBytes(folder: string): Promise<number> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = await statfs(at).catch(() => undefined);
    if (found) return found.bavail * found.bsize;
    if (at === path.dirname(at)) return Infinity;
  }
}

/** 815 MB, 5.6 GB: in powers of ten, as disks and downloads are told. */
export const inWords = (bytes: number): string => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`);
