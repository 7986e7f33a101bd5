import { imageSize } from 'image-size';
import type { ImageStrip } from '../../../protocol/images';
import { decimal, t, whole } from '../../text';

/** A browser unpacks a picture whole, at four bytes a pixel: this is 256 MB. */
const MAX_PIXELS = 64_000_000;
const MAX_BYTES = 100 * 2 ** 20;

export interface OwnImage { readonly strip: ImageStrip; readonly name: string; readonly width: number; readonly height: number }

/** A picture of the person's as the model takes them: cut to its shape from the middle, resized, grey where the model is. @throws Error in a sentence for a person */
export async function readPicture(file: File, { height, width, channels }: { height: number; width: number; channels: number }): Promise<OwnImage> {
  if (file.size > MAX_BYTES) throw new Error(t('{0} has {1} MB; at most {2} are read.', file.name, whole(file.size / 2 ** 20), MAX_BYTES / 2 ** 20));
  const size = sizeOf(new Uint8Array(await file.arrayBuffer()));
  if (!size) throw new Error(t('{0} is not a picture that can be read. Take a PNG, JPEG, GIF, WebP or BMP.', file.name));
  if (size.width * size.height > MAX_PIXELS) throw new Error(t('{0} has {1} megapixels; at most {2} are read. Make it smaller first.', file.name, decimal(size.width * size.height / 1e6, 0), MAX_PIXELS / 1e6));
  const bitmap = await createImageBitmap(file).catch(() => { throw new Error(t('{0} is damaged, or of a kind that cannot be read.', file.name)); });
  try {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error(t('The picture could not be made.'));
    context.fillStyle = '#000'; // behind what is transparent
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    const scale = Math.max(width / bitmap.width, height / bitmap.height);
    const [w, h] = [width / scale, height / scale];
    context.drawImage(bitmap, (bitmap.width - w) / 2, (bitmap.height - h) / 2, w, h, 0, 0, width, height);
    return { strip: stripOf(context.getImageData(0, 0, width, height), channels), name: file.name, width: bitmap.width, height: bitmap.height };
  } finally {
    bitmap.close();
  }
}

/** Read from the file's head: a picture of too many pixels is never unpacked. */
function sizeOf(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    return imageSize(bytes);
  } catch {
    return undefined;
  }
}

function stripOf({ data, width, height }: ImageData, channels: number): ImageStrip {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * i, 4 * i + 3);
    if (channels === 1) pixels[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue); // luma, ITU-R BT.601
    else pixels.set([red, green, blue], channels * i);
  }
  return { count: 1, height, width, channels, pixels };
}

/** Black for white: digits of a data set may be white on black, a person's are not. */
export const inverted = (strip: ImageStrip): ImageStrip => ({ ...strip, pixels: strip.pixels.map((value) => 255 - value) });
