import type { ImageStrip } from '../../protocol/images';
import { gridPng } from '../../runs/pictures';
import { shrunk } from './shrink';

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
export const pngUri = (strips: readonly ImageStrip[], columns: number): string => `data:image/png;base64,${base64(gridPng(strips, columns))}`;
export const svgUri = (svg: string): string => `data:image/svg+xml;base64,${base64(svg)}`;

/** The editor cuts a hover's text at 100,000 characters, pictures included: each gets a share of it. */
export function pngUriWithin(strips: readonly ImageStrip[], columns: number, characters: number): string {
  for (let now = strips; ; now = now.map((strip) => shrunk(strip, 2))) {
    const uri = pngUri(now, columns);
    if (uri.length <= characters || now.every(({ height, width }) => Math.min(height, width) < 4)) return uri;
  }
}

/** All pictures in one row `height` CSS pixels high, for the end of a line: an editor shows such a picture as large as it says it is. */
export function rowSvgUri(strip: ImageStrip, height: number): string {
  const made = rows.get(strip);
  if (made?.height === height) return made.uri;
  const uri = rowSvg(strip, height);
  rows.set(strip, { height, uri });
  return uri;
}
/** A strip is drawn again each time anything of its run changes. */
const rows = new WeakMap<ImageStrip, { readonly height: number; readonly uri: string }>();

function rowSvg(strip: ImageStrip, height: number): string {
  const factor = Math.max(1, Math.floor(strip.height / (2 * height))); // two pixels a CSS pixel, for fine screens
  const shown = shrunk(strip, factor);
  const width = Math.round(height * shown.width / shown.height * shown.count);
  return svgUri(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="${pngUri([shown], shown.count)}" width="${width}" height="${height}" preserveAspectRatio="none"/></svg>`);
}
