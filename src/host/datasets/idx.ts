import { DataError } from './dataset';

/** Reads an IDX file of 8-bit images: [count, rows, columns] after a 16-byte header. @throws DataError naming the file. */
export function readIdxImages(bytes: Uint8Array, file: string): { count: number; rows: number; columns: number; pixels: Uint8Array } {
  if (bytes.length < 16) throw new DataError(`${file} is not an IDX file of images: it has only ${bytes.length} bytes.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== 0x803) throw new DataError(`${file} is not an IDX file of images: it starts with 0x${magic.toString(16).padStart(8, '0')} where 0x00000803 should be.`);
  const [count, rows, columns] = [view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  const expected = 16 + count * rows * columns;
  if (bytes.length !== expected) {
    throw new DataError(`${file} is ${bytes.length < expected ? 'cut short' : 'too long'}: its header tells of ${expected} bytes, and there are ${bytes.length}. Delete it to have it fetched again.`);
  }
  return { count, rows, columns, pixels: bytes.subarray(16) };
}
