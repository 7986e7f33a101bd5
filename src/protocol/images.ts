/** A strip of equally sized pictures as raw bytes: `pixels` is [count, height, width, channels], 0-255. */
export interface ImageStrip {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  readonly pixels: Uint8Array;
}
