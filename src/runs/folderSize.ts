import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** What the files of a folder hold, in bytes; 0 where there is none. Links are not followed. */
export async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(entries.map((entry) => {
    const at = path.join(folder, entry.name);
    return entry.isDirectory() ? bytesOf(at) : entry.isFile() ? stat(at).then(({ size }) => size, () => 0) : 0;
  }));
  return sizes.reduce((sum, size) => sum + size, 0);
}
