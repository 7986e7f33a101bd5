import { DataError } from './dataError';
import type { NumberKind } from './values';

/** The header of a .npy file: NumPy's name of the type, the shape, and where the values begin. */
export interface NpyHeader { readonly type: string; readonly shape: readonly number[]; readonly offset: number; readonly count: number }
/** More than any header is long. */
export const NPY_HEADER_LIMIT = 1 << 16;

/** Reads the header of the NPY format, versions 1 to 3. @throws DataError naming the file */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 12 || buffer.toString('latin1', 0, 6) !== '\x93NUMPY') throw new DataError(`${file} is not an array saved by numpy.save.`);
  const [start, length] = buffer[6] === 1 ? [10, buffer.readUInt16LE(8)] : [12, buffer.readUInt32LE(8)];
  const text = buffer.toString('utf8', start, start + length);
  const [type, order, sizes] = [/'descr':\s*'([^']*)'/.exec(text)?.[1], /'fortran_order':\s*(True|False)/.exec(text)?.[1], /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1]];
  if (start + length > buffer.length || order === undefined || sizes === undefined) throw new DataError(`${file} has a header that is not understood. Save the array again by numpy.save.`);
  if (type === undefined) throw new DataError(`${file} holds records of several fields. Save one array of numbers.`);
  if (order === 'True') throw new DataError(`${file} is stored column by column. Save numpy.ascontiguousarray(array).`);
  const shape = sizes.split(',').map((size) => parseInt(size, 10)).filter((size) => !Number.isNaN(size));
  return { type, shape, offset: start + length, count: shape.reduce((a, b) => a * b, 1) };
}

const kinds: Readonly<Record<string, NumberKind>> = { '|u1': 'u1', '|b1': 'b1', '<f4': 'f4', '<f8': 'f8' };

/** The kind of an array of examples. @throws DataError for a type that is not of examples */
export function exampleKind({ type }: NpyHeader, file: string): NumberKind {
  const kind = kinds[type];
  if (kind === undefined) throw new DataError(`${file} holds numbers of the type "${type}". Examples are uint8, bool, float32 or float64: save array.astype("float32"), or "uint8" for values from 0 to 255.`);
  return kind;
}

const integers: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  '|u1': [1, (view, at) => view.getUint8(at)], '|b1': [1, (view, at) => view.getUint8(at)], '|i1': [1, (view, at) => view.getInt8(at)],
  '<u2': [2, (view, at) => view.getUint16(at, true)], '<i2': [2, (view, at) => view.getInt16(at, true)],
  '<u4': [4, (view, at) => view.getUint32(at, true)], '<i4': [4, (view, at) => view.getInt32(at, true)],
  '<u8': [8, (view, at) => Number(view.getBigUint64(at, true))], '<i8': [8, (view, at) => Number(view.getBigInt64(at, true))],
};

/** A whole array of labels: whole numbers along one dimension. @throws DataError */
export function readNpyLabels(bytes: Uint8Array, file: string): number[] {
  const header = readNpyHeader(bytes, file);
  const integer = integers[header.type];
  if (!integer) throw new DataError(`${file} holds numbers of the type "${header.type}"; labels are whole numbers. Save labels.astype("int64").`);
  if (header.shape.filter((size) => size !== 1).length > 1) throw new DataError(`${file} has the shape [${header.shape.join(', ')}]; labels are one number an example.`);
  const [size, read] = integer;
  if (bytes.length < header.offset + header.count * size) throw new DataError(`${file} is cut short: its header tells of ${header.offset + header.count * size} bytes, and there are ${bytes.length}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: header.count }, (_, i) => read(view, header.offset + i * size));
}
