import { part, type ImageStrip } from '../../protocol/images';

/** Strips of as many pictures in rows of at most `across`: those of the first strip, under each its picture in the next ones, then the pictures after those. */
export function stacked(strips: readonly ImageStrip[], across: number): ImageStrip[] {
  const count = strips[0]?.count ?? 0;
  return Array.from({ length: Math.ceil(count / across) }, (_, row) => strips.map((strip) => part(strip, row * across, Math.min((row + 1) * across, count)))).flat();
}

/** Strips of one size as one. */
export function joined(strips: readonly [ImageStrip, ...ImageStrip[]]): ImageStrip {
  const pixels = new Uint8Array(strips.reduce((sum, strip) => sum + strip.pixels.length, 0));
  let at = 0;
  for (const strip of strips) {
    pixels.set(strip.pixels, at);
    at += strip.pixels.length;
  }
  return { ...strips[0], count: strips.reduce((sum, { count }) => sum + count, 0), pixels };
}

/** A strip of rows of `across` pictures as `across` pictures, each all that stand in its column, tiled to be about as wide as high. */
export function columnsTiled(strip: ImageStrip, across: number): ImageStrip {
  const { height, width, channels, pixels } = strip;
  const rows = Math.floor(strip.count / across);
  const wide = Math.ceil(Math.sqrt(rows));
  const [tiledHeight, tiledWidth] = [Math.ceil(rows / wide) * height, wide * width];
  const tiled = new Uint8Array(across * tiledHeight * tiledWidth * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < across; column++) {
      for (let y = 0; y < height; y++) {
        const from = ((row * across + column) * height + y) * width * channels;
        tiled.set(pixels.subarray(from, from + width * channels), ((column * tiledHeight + Math.floor(row / wide) * height + y) * tiledWidth + (row % wide) * width) * channels);
      }
    }
  }
  return { count: across, height: tiledHeight, width: tiledWidth, channels, pixels: tiled };
}
