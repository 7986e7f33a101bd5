import { realpathSync } from 'node:fs';
import path from 'node:path';

/** So long a folder is taken to be where it was. */
const KEPT_MS = 5000;
const real = new Map<string, string>();
let since = 0;

/** A folder without the links that lead to it; as it is called where it is not there. */
function realFolder(folder: string): string {
  if (Date.now() - since > KEPT_MS) {
    real.clear();
    since = Date.now();
  }
  const known = real.get(folder);
  if (known !== undefined) return known;
  let found = folder;
  try { found = realpathSync.native(folder); } catch { /* it is gone, or not there yet */ }
  real.set(folder, found);
  return found;
}

/** As names are compared: Windows and macOS know them in any case. */
const folded = (file: string): string => (process.platform === 'win32' || process.platform === 'darwin' ? file.toLowerCase() : file);

/** Whether two paths lead to one file, by linked folders or with a drive's letter in another case too. The file need not be there. */
export function sameFile(a: string, b: string): boolean {
  if (a === b) return true;
  if (folded(path.basename(a)) !== folded(path.basename(b))) return false;
  return folded(realFolder(path.dirname(a))) === folded(realFolder(path.dirname(b)));
}

/** Whether a relative path leads into a folder, not out of it or to another drive. */
export const isWayInto = (way: string): boolean => way.split(path.sep)[0] !== '..' && !path.isAbsolute(way);
/** Whether a file is in a folder, however deep. */
export const isInside = (folder: string, file: string): boolean => isWayInto(path.relative(folded(realFolder(folder)), folded(realFolder(path.dirname(file)))));
