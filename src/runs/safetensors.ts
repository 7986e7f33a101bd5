/** A named array of 32-bit floats, as in a checkpoint. */
export interface StoredTensor { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }

/** The safetensors format: 8 bytes header length (little endian), JSON header, raw little-endian data. */
export function encodeSafetensors(tensors: readonly StoredTensor[], metadata: Record<string, string>): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const { name, shape, data } of tensors) header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset += data.byteLength] };
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
  return Buffer.concat([length, Buffer.from(json), ...tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))]);
}

/** @throws Error when the bytes are not whole. */
export function decodeSafetensors(bytes: Uint8Array): { tensors: StoredTensor[]; metadata: Record<string, string> } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = buffer.length >= 8 ? Number(buffer.readBigUInt64LE(0)) : Infinity;
  if (8 + headerLength > buffer.length) throw new Error('The checkpoint is cut short.');
  const header: unknown = JSON.parse(buffer.subarray(8, 8 + headerLength).toString('utf8'));
  if (typeof header !== 'object' || header === null) throw new Error('The checkpoint has no header.');
  const tensors: StoredTensor[] = [];
  const metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header) as [string, unknown][]) {
    if (typeof entry !== 'object' || entry === null) throw new Error(`The checkpoint's entry "${name}" is not understood.`);
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(entry)) metadata[key] = String(value);
      continue;
    }
    const { shape, data_offsets: offsets } = entry as { shape?: unknown; data_offsets?: unknown };
    if (!Array.isArray(shape) || !Array.isArray(offsets)) throw new Error(`The checkpoint's entry "${name}" is not understood.`);
    const [from, to] = offsets.map(Number) as [number, number];
    if (!(from <= to) || 8 + headerLength + to > buffer.length) throw new Error('The checkpoint is cut short.');
    const data = Uint8Array.from(buffer.subarray(8 + headerLength + from, 8 + headerLength + to));
    tensors.push({ name, shape: shape.map(Number), data: new Float32Array(data.buffer) });
  }
  return { tensors, metadata };
}
