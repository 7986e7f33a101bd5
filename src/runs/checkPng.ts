import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
/** Bytes of a pixel by colour type: grey and RGB. */
const pixelBytes: Readonly<Record<number, number>> = { 0: 1, 2: 3 };

/**
 * Looks whether a PNG is what its header says, before a decoder takes memory for it: a few bytes may unpack to any number, or tell of a picture of any size.
 * Only pictures of 8 bits a channel that are not interlaced are taken, of up to `maxBytes` of pixels. @throws Error
 */
export function checkPng(png: Uint8Array, maxBytes: number): void {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (file.length < 33 || !file.subarray(0, 8).equals(SIGNATURE) || file.toString('latin1', 12, 16) !== 'IHDR') throw new Error('It is no PNG.');
  const [width, height, depth, colours, interlaced] = [file.readUInt32BE(16), file.readUInt32BE(20), file[24], file[25] ?? -1, file[28]];
  const row = width * (pixelBytes[colours] ?? NaN);
  if (depth !== 8 || interlaced !== 0 || !(row > 0) || height === 0) throw new Error('It is a PNG of another kind.');
  if (row * height > maxBytes) throw new Error(`It is a picture of ${width} x ${height}.`);
  const whole = height * (row + 1); // each row begins with its filter
  if (inflateSync(Buffer.concat(dataChunks(file)), { maxOutputLength: whole }).length !== whole) throw new Error('It is cut short.');
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
