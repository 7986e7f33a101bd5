import { createHash } from 'node:crypto';
import * as z from 'zod';

/** A named array of 32-bit floats, as in a checkpoint. */
export interface StoredTensor { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }

/** The header's field that holds the SHA-256 of everything else: the file with zeros in its place. */
const CHECKSUM = 'sha256';
const UNSIGNED = '0'.repeat(64);
const LENGTH_BYTES = 8;
const whole = z.number().int().nonnegative();
const entrySchema = z.object({ dtype: z.literal('F32'), shape: z.array(whole), data_offsets: z.tuple([whole, whole]) });
const metadataSchema = z.record(z.string(), z.string());

/** Bytes that are not a whole safetensors file, or not the ones that were written. */
export class DamagedFileError extends Error {}

/** The safetensors format: 8 bytes header length (little endian), JSON header, raw little-endian data. Its metadata gets a checksum, unless it is read at once by whom it was written for. */
export function encodeSafetensors(tensors: readonly StoredTensor[], metadata: Record<string, string>, isSigned = true): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { ...(isSigned ? { [CHECKSUM]: UNSIGNED } : {}), ...metadata } };
  for (const { name, shape, data } of tensors) header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset += data.byteLength] };
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
  const file = Buffer.concat([length, Buffer.from(json), ...tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))]);
  if (isSigned) file.write(createHash('sha256').update(file).digest('hex'), checksumAt(file, UNSIGNED), 'latin1');
  return file;
}

const checksumAt = (file: Buffer, checksum: string): number => file.indexOf(`"${CHECKSUM}":"${checksum}"`, LENGTH_BYTES, 'latin1') + CHECKSUM.length + 4;

/** @throws DamagedFileError where the file is not as it was written, or does not tile its data with tensors of 32-bit floats. */
export function decodeSafetensors(bytes: Uint8Array): { tensors: StoredTensor[]; metadata: Record<string, string> } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = file.length >= LENGTH_BYTES ? Number(file.readBigUInt64LE(0)) : Infinity;
  if (LENGTH_BYTES + headerLength > file.length) throw new DamagedFileError('The checkpoint is cut short.');
  const body = file.subarray(LENGTH_BYTES + headerLength);
  const { __metadata__: given = {}, ...entries } = parseHeader(file.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength));
  const metadata = metadataSchema.safeParse(given);
  if (!metadata.success) throw new DamagedFileError('The checkpoint has no header.');
  const { [CHECKSUM]: checksum, ...rest } = metadata.data;
  const placed = Object.entries(entries).map(([name, entry]) => {
    const { success, data } = entrySchema.safeParse(entry);
    if (!success) throw new DamagedFileError(`The checkpoint's entry "${name}" is not understood.`);
    const { shape, data_offsets: [from, to] } = data;
    if (to > body.length) throw new DamagedFileError('The checkpoint is cut short.');
    if (shape.reduce((product, size) => product * size, 4) !== to - from) throw new DamagedFileError(`The checkpoint's entry "${name}" is not understood.`);
    return { name, shape, from, to };
  });
  let at = 0;
  for (const { name, from, to } of [...placed].sort((a, b) => a.from - b.from || a.to - b.to)) { // what overlaps could ask for any memory
    if (from !== at) throw new DamagedFileError(`The checkpoint's entry "${name}" is not understood.`);
    at = to;
  }
  if (checksum !== undefined && checksum !== checksumOf(file, checksum)) throw new DamagedFileError('The checkpoint is damaged: its checksum does not fit.');
  return { tensors: placed.map(({ name, shape, from, to }) => ({ name, shape, data: new Float32Array(new Uint8Array(body.subarray(from, to)).buffer) })), metadata: rest };
}

function parseHeader(bytes: Buffer): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new DamagedFileError('The checkpoint has no header.');
  }
}

/** Hashed around the place of the checksum, which counts as zeros. */
function checksumOf(file: Buffer, checksum: string): string {
  const from = checksumAt(file, checksum);
  return createHash('sha256').update(file.subarray(0, from)).update(UNSIGNED).update(file.subarray(from + UNSIGNED.length)).digest('hex');
}
