import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type ZipFile } from 'yauzl';
import { codeOf, SetUpError } from './setUpError';
import { errorText } from '../protocol/errorText';

/** What of the wheels is kept, and where: libraries in `deps/lib`, NVIDIA's in `deps/nvidia` (where TensorFlow's own search path finds them), headers in `include`, licences. */
export function placeOf(entry: string): string | undefined {
  if (entry.includes('..')) return undefined;
  const library = /^tensorflow\/(libtensorflow(?:_cc|_framework)\.(?:so\.\d+|\d+\.dylib))$/.exec(entry)?.[1];
  if (library !== undefined) return `deps/lib/${library}`;
  if (/^nvidia\/\w+\/(lib\/[^/]+\.so[.\d]*|bin\/ptxas|nvvm\/libdevice\/[^/]+)$/.test(entry)) return `deps/${entry}`;
  const header = /^tensorflow\/include\/((?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/.exec(entry)?.[1];
  if (header !== undefined) return `include/${header}`;
  if (entry === 'tensorflow/include/LICENSE') return 'licenses/tensorflow.txt';
  if (entry === 'tensorflow/THIRD_PARTY_NOTICES.txt') return 'licenses/tensorflow-third-party.txt';
  const license = /^([\w.]+)-[^/]+\.dist-info\/(?:licenses\/)?(?:License|LICENSE)(?:\.txt)?$/.exec(entry)?.[1];
  return license === undefined ? undefined : `licenses/${license}.txt`;
}

/** Takes out of a wheel (a zip) what `placeOf` keeps, as a stream: a library is larger than should be held in memory. @throws SetUpError; AbortError */
export async function unpackWheel(wheel: string, folder: string, onBytes: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
  const name = path.basename(wheel);
  let zip: ZipFile;
  try {
    zip = await openPromise(wheel, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  } catch (error) {
    throw new SetUpError(`${name} cannot be unpacked: ${errorText(error)}. Set up again.`);
  }
  try {
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      const place = placeOf(entry.fileName);
      if (place === undefined) continue;
      const target = path.join(folder, place);
      await mkdir(path.dirname(target), { recursive: true });
      const stream = await zip.openReadStreamPromise(entry);
      stream.on('data', (chunk: Buffer) => { onBytes(chunk.length); });
      await pipeline(stream, createWriteStream(target, { mode: (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644 }), { signal });
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw diskError(error, name, folder);
  } finally {
    zip.close();
  }
}

/** Unpacks the npm package's archive, which has `lib` and `include` at its top, by the system's own `tar`. @throws SetUpError; AbortError */
export async function unpackArchive(archive: string, folder: string, signal?: AbortSignal): Promise<void> {
  const name = path.basename(archive);
  await mkdir(path.join(folder, 'deps'), { recursive: true });
  const output = await new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    const child = spawn('tar', ['-xzf', archive, '-C', path.join(folder, 'deps')], { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true, signal });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.on('error', (error) => { reject(signal?.aborted ? error : new SetUpError(`${name} cannot be unpacked: "tar" was not found. Install it, and set up again.`)); });
    child.on('close', (code) => { resolve({ code, text }); });
  });
  if (output.code !== 0) throw new SetUpError(`${name} cannot be unpacked: ${output.text.trim().split('\n').at(-1) ?? ''}. Make room, and set up again.`);
}

function diskError(error: unknown, name: string, folder: string): unknown {
  if (['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM'].includes(codeOf(error))) return new SetUpError(`${name} cannot be unpacked into ${folder} (${codeOf(error)}). Make room or correct the permissions, and set up again.`);
  return error instanceof SetUpError ? error : new SetUpError(`${name} cannot be unpacked: ${errorText(error)}. Set up again.`);
}
