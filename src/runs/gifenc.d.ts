/** The part of gifenc that is used here; the package brings no types. */
declare module 'gifenc' {
  type Palette = number[][];
  interface Encoder {
    writeFrame(indices: Uint8Array, width: number, height: number, options: { palette?: Palette; delay?: number; repeat?: number }): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): Encoder;
  /** Of RGBA pixels. */
  export function quantize(rgba: Uint8Array, colours: number): Palette;
  export function applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}
