import { decode as decodePng, hasPngSignature, type DecodedPng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { checkPng } from '../../runs/checkPng';

/** 8 bits a value, [height, width, channels]; 1 channel: grey, 3: RGB. */
export interface Picture { readonly height: number; readonly width: number; readonly channels: 1 | 3; readonly data: Uint8Array }
const MEGAPIXELS = 100;

/** Red, green and blue as one brightness (ITU-R BT.601), in whole numbers. */
const luma = (r: number, g: number, b: number): number => (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;

/** Reads a PNG or a JPEG. 16 bits become 8, palettes colours, and what is transparent black; a rotation in a photo's EXIF data is not followed. @throws Error saying what is wrong with it */
export function decodePicture(bytes: Uint8Array): Picture {
  if (hasPngSignature(bytes.subarray(0, 8))) return fromPng(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return fromJpeg(bytes);
  throw new Error(bytes.length === 0 ? 'it is empty' : 'it is neither a PNG nor a JPEG');
}

function fromPng(bytes: Uint8Array): Picture {
  const { width, height, depth, channels, data: given, palette } = unpackedPng(bytes);
  const pixels = width * height;
  const value = sampler(given, depth, width * channels, palette !== undefined);
  if (palette) return { height, width, channels: 3, data: colours(pixels, (k) => palette[value(k)] ?? [0, 0, 0]) };
  const coloured = channels >= 3;
  const data = new Uint8Array(pixels * (coloured ? 3 : 1));
  const kept = coloured ? 3 : 1;
  const alpha = channels === kept ? undefined : kept;
  for (let k = 0; k < pixels; k++) {
    const opacity = alpha === undefined ? 255 : value(k * channels + alpha);
    for (let c = 0; c < kept; c++) data[k * kept + c] = Math.round(value(k * channels + c) * opacity / 255);
  }
  return { height, width, channels: coloured ? 3 : 1, data };
}

function unpackedPng(bytes: Uint8Array): DecodedPng {
  try {
    checkPng(bytes, MEGAPIXELS * 1e6);
    return decodePng(bytes, { checkCrc: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new Error(`its data cannot be unpacked: ${error.message}`); // zlib's
    throw error instanceof Error && error.cause instanceof Error ? new Error(`its data cannot be unpacked: ${error.cause.message}`) : error;
  }
}

/** Value `k` of a PNG's rows in 8 bits; values of fewer bits are packed, each row beginning with a byte. Indices of a palette are left as they are. */
function sampler(data: ArrayLike<number>, depth: number, perRow: number, isIndex: boolean): (k: number) => number {
  if (depth === 16) return (k) => (data[k] ?? 0) >> 8;
  if (depth === 8) return (k) => data[k] ?? 0;
  const rowBytes = Math.ceil(perRow * depth / 8);
  const most = (1 << depth) - 1;
  return (k) => {
    const bit = (k % perRow) * depth;
    const value = ((data[Math.floor(k / perRow) * rowBytes + (bit >> 3)] ?? 0) >> (8 - depth - (bit & 7))) & most;
    return isIndex ? value : value * 255 / most;
  };
}

function colours(pixels: number, of: (pixel: number) => readonly number[]): Uint8Array {
  const data = new Uint8Array(3 * pixels);
  for (let k = 0; k < pixels; k++) {
    const [r = 0, g = 0, b = 0, alpha = 255] = of(k);
    data.set([r, g, b].map((value) => Math.round(value * alpha / 255)), 3 * k);
  }
  return data;
}

function fromJpeg(bytes: Uint8Array): Picture {
  const { width, height, data } = decodeJpeg(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: MEGAPIXELS, maxMemoryUsageInMB: 2048 });
  const grey = data.every((value, k) => k % 3 === 0 || value === data[k - 1]);
  return grey ? { height, width, channels: 1, data: data.filter((_, k) => k % 3 === 0) } : { height, width, channels: 3, data };
}

/** The same with so many channels. */
export function withChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture;
  const { height, width, data: from } = picture;
  const data = new Uint8Array(height * width * channels);
  for (let k = 0; k < height * width; k++) {
    if (channels === 1) data[k] = luma(from[3 * k] ?? 0, from[3 * k + 1] ?? 0, from[3 * k + 2] ?? 0);
    else data.fill(from[k] ?? 0, 3 * k, 3 * k + 3);
  }
  return { height, width, channels, data };
}
