const BLOCK = 512;

/** The files of an unpacked tar archive by their names, as views of it (POSIX ustar). Links, folders and extended headers are passed over. @throws RangeError where it is cut short */
export function readTar(archive: Uint8Array): Map<string, Uint8Array> {
  const text = (from: number, length: number): string => Buffer.from(archive.buffer, archive.byteOffset + from, length).toString('latin1').replace(/\0[\s\S]*$/, '');
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const [name, size, type] = [text(at, 100), parseInt(text(at + 124, 12), 8), text(at + 156, 1)];
    if (!Number.isInteger(size) || size < 0 || at + BLOCK + size > archive.length) throw new RangeError(`${name} is cut short.`);
    if (type === '' || type === '0') files.set(name, archive.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
