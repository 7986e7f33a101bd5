import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorText } from '../protocol/errorText';
import { UsageError } from './arguments';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A file that the person named. @throws UsageError where it cannot be read */
export async function readGiven(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(file));
  } catch (error) {
    throw new UsageError(isMissing(error) ? `There is no file ${path.resolve(file)}.` : `${path.resolve(file)} cannot be read: ${errorText(error)}`);
  }
}

/** A file that the person asked for. @throws UsageError where it cannot be written */
export async function writeAsked(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw new UsageError(`${path.resolve(file)} cannot be written: ${errorText(error)}`);
  }
}

/** What takes long is not begun where it could not be written. @throws UsageError */
export async function refuseMissingFolder(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  await access(folder).catch(() => { throw new UsageError(`There is no folder ${folder}. Make it first.`); });
}
