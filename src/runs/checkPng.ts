import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const HEADER_BYTES = 33;
/** Channels by colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Looks whether a PNG is what its header says, before a decoder takes memory for it: a few bytes may unpack to any number, or tell of a picture of any size.
 * `maxPixels` of a picture are taken. @throws Error in a few words: "it is cut short"
 */
export function checkPng(png: Uint8Array, maxPixels: number): void {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (!file.subarray(0, 8).equals(SIGNATURE) || file.toString('latin1', 12, 16) !== 'IHDR') throw new Error('it is no PNG');
  if (file.length < HEADER_BYTES) throw new Error('it is cut short');
  const [width, height, depth, channels, interlaced] = [file.readUInt32BE(16), file.readUInt32BE(20), file.readUInt8(24), channelsOf[file.readUInt8(25)] ?? 0, file.readUInt8(28) !== 0];
  if (width * height > maxPixels) throw new Error(`it has more than ${Math.round(maxPixels / 1e6)} megapixels`);
  const whole = height * (1 + Math.ceil(width * channels * depth / 8)); // each row begins with its filter
  const allowed = interlaced ? 2 * whole + 64 * (height + 8) : whole; // seven pictures, whose rows are filled up to bytes each
  if (unpackedBytes(file, allowed) < whole) throw new Error('it is cut short');
}

function unpackedBytes(file: Buffer, allowed: number): number {
  try {
    return inflateSync(Buffer.concat(dataChunks(file)), { maxOutputLength: Math.max(1, allowed) }).length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw new Error('it holds more than its header says');
    throw error;
  }
}

function dataChunks(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') found.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}
