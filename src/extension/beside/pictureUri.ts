import type { ImageStrip } from '../../protocol/images';
import { gridPng } from '../../runs/pictures';
import { enlarged, shrunk } from './size';

export const pngUri = (strips: readonly ImageStrip[], columns: number): string => `data:image/png;base64,${Buffer.from(gridPng(strips, columns)).toString('base64')}`;

/** The editor cuts a hover's text at 100,000 characters, pictures included: each gets a share of it. */
export function pngUriWithin(strips: readonly ImageStrip[], columns: number, characters: number): string {
  for (let now = strips; ; now = now.map((strip) => shrunk(strip, 2))) {
    const uri = pngUri(now, columns);
    if (uri.length <= characters || now.every(({ height, width }) => Math.min(height, width) < 4)) return uri;
  }
}

/**
 * All pictures in one row of at most `height` CSS pixels, for the end of a line: an editor shows such a picture as large as it is.
 * Each pixel is a whole number of theirs, or they are of it. Not an SVG that scales one: a browser keeps a document for each that an editor has shown (a run of an hour: over a GB).
 */
export function rowUri(strip: ImageStrip, height: number): string {
  const made = rows.get(strip);
  if (made?.height === height) return made.uri;
  const fitting = enlarged(shrunk(strip, Math.ceil(strip.height / height)), Math.floor(height / strip.height));
  const uri = pngUri([fitting], fitting.count);
  rows.set(strip, { height, uri });
  return uri;
}
/** A strip is drawn again each time anything of its run changes. */
const rows = new WeakMap<ImageStrip, { readonly height: number; readonly uri: string }>();
