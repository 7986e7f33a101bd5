import { DataError } from './dataError';

/** The bytes of an IDX file of 8-bit values after a header of `dimensions` sizes. @throws DataError naming the file */
function readIdx(bytes: Uint8Array, file: string, what: 'images' | 'labels', dimensions: number): { sizes: number[]; values: Uint8Array } {
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw new DataError(`${file} is not an IDX file of ${what}: it has only ${bytes.length} bytes.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [magic, wanted] = [view.getUint32(0), 0x800 + dimensions];
  const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
  if (magic !== wanted) throw new DataError(`${file} is not an IDX file of ${what}: it starts with ${hex(magic)} where ${hex(wanted)} should be.`);
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = header + sizes.reduce((a, b) => a * b, 1);
  if (bytes.length !== expected) {
    throw new DataError(`${file} is ${bytes.length < expected ? 'cut short' : 'too long'}: its header tells of ${expected} bytes, and there are ${bytes.length}. Delete it to have it fetched again.`);
  }
  return { sizes, values: bytes.subarray(header) };
}

/** Reads an IDX file of 8-bit images: [count, rows, columns] after a 16-byte header. @throws DataError naming the file */
export function readIdxImages(bytes: Uint8Array, file: string): { count: number; rows: number; columns: number; pixels: Uint8Array } {
  const { sizes: [count = 0, rows = 0, columns = 0], values } = readIdx(bytes, file, 'images', 3);
  return { count, rows, columns, pixels: values };
}

/** Reads an IDX file of 8-bit labels, [count] after an 8-byte header. @throws DataError naming the file */
export function readIdxLabels(bytes: Uint8Array, file: string): Uint8Array { return readIdx(bytes, file, 'labels', 1).values; }
