/** A strip of equally sized pictures as raw bytes: `pixels` is [count, height, width, channels], 0-255. */
export interface ImageStrip {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  readonly pixels: Uint8Array;
}

const sizeOf = ({ height, width, channels }: ImageStrip): number => height * width * channels;
/** Pictures `from` to `to` of a strip, their bytes not copied. */
export const part = (strip: ImageStrip, from: number, to: number): ImageStrip => ({ ...strip, count: to - from, pixels: strip.pixels.subarray(from * sizeOf(strip), to * sizeOf(strip)) });
export const one = (strip: ImageStrip, index: number): ImageStrip => part(strip, index, index + 1);
