/**
 * Framing on a socket: Language-Server headers, then JSON, then typed arrays as raw bytes (base64 was measured 15 times slower).
 *
 *     Content-Length: 57\r\nBlob-Lengths: 4,16\r\n\r\n{"pixels":{"$blob":0,"type":"u8"}}<4 bytes><16 bytes>
 */
export const MAX_FRAME_BYTES = 64 * 2 ** 20;
const MAX_HEADER_BYTES = 16_384;

/** What came in is not a frame, or too large for one; the connection must be closed. */
export class FrameError extends Error {}

export function encodeFrame(message: unknown): Buffer {
  const blobs: Buffer[] = [];
  const json = Buffer.from(JSON.stringify(message, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array || value instanceof Float32Array)) return value;
    blobs.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    return { $blob: blobs.length - 1, type: value instanceof Float32Array ? 'f32' : 'u8' };
  }));
  const header = Buffer.from(`Content-Length: ${json.length}\r\nBlob-Lengths: ${blobs.map((blob) => blob.length).join(',')}\r\n\r\n`, 'ascii');
  const frame = Buffer.concat([header, json, ...blobs]);
  if (frame.length > MAX_FRAME_BYTES) throw new FrameError(`A message of ${frame.length} bytes is over the limit of ${MAX_FRAME_BYTES}.`);
  return frame;
}

interface Header { readonly json: number; readonly blobs: readonly number[]; readonly total: number }

/** Puts frames together from chunks of any size. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #header: Header | undefined;

  /** `limit` of a frame's bytes may change from one to the next. */
  constructor(private readonly limit: () => number = () => MAX_FRAME_BYTES) {}

  /** The messages that this chunk completes. @throws FrameError */
  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#size += chunk.byteLength;
    const messages: unknown[] = [];
    for (;;) {
      this.#header ??= this.#readHeader();
      if (!this.#header || this.#size < this.#header.total) return messages;
      const body = this.#take(this.#header.total);
      messages.push(decodeBody(body, this.#header));
      this.#header = undefined;
    }
  }

  #joined(): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  #take(count: number): Buffer {
    const all = this.#joined();
    this.#chunks = [all.subarray(count)];
    this.#size -= count;
    return all.subarray(0, count);
  }

  #readHeader(): Header | undefined {
    if (this.#size === 0) return undefined;
    const all = this.#joined();
    const end = all.subarray(0, MAX_HEADER_BYTES).indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#size >= MAX_HEADER_BYTES) throw new FrameError('No frame header was found.');
      return undefined;
    }
    const text = this.#take(end + 4).toString('ascii');
    const json = /^Content-Length: (\d{1,10})\r\n/m.exec(text)?.[1];
    const blobs = /^Blob-Lengths: ([\d,]*)\r\n/m.exec(text)?.[1];
    if (json === undefined || blobs === undefined) throw new FrameError('A frame header is not understood.');
    const lengths = blobs === '' ? [] : blobs.split(',').map(Number);
    const total = lengths.reduce((sum, length) => sum + length, Number(json));
    const limit = this.limit();
    if (total > limit) throw new FrameError(`A frame of ${total} bytes is over the limit of ${limit}.`);
    return { json: Number(json), blobs: lengths, total };
  }
}

function decodeBody(body: Buffer, header: Header): unknown {
  let offset = header.json;
  const blobs = header.blobs.map((length) => {
    const bytes = Uint8Array.from(body.subarray(offset, offset + length));
    offset += length;
    return bytes;
  });
  try {
    return JSON.parse(body.subarray(0, header.json).toString('utf8'), (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('$blob' in value) || !('type' in value)) return value;
      const bytes = blobs[Number(value.$blob)];
      if (!bytes || (value.type === 'f32' && bytes.length % 4 !== 0)) throw new FrameError('A frame names bytes that it does not carry.');
      return value.type === 'f32' ? new Float32Array(bytes.buffer) : bytes;
    });
  } catch (error) {
    throw error instanceof FrameError ? error : new FrameError('A frame does not hold JSON.');
  }
}
