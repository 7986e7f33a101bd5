/// <reference path="./gifenc.d.ts" />
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { ImageStrip } from '../protocol/images';

/** Small pictures are enlarged to at least this, in whole multiples: few programs show a GIF larger than it is. */
const SIDE = 224;
const FRAME_MS = 120;
const COLOURS = 256;
const greys = Array.from({ length: COLOURS }, (_, value) => [value, value, value]);

/** The pictures of strips one after another, there and back, for ever. Greys are exact, colours the best 256 of all frames. @throws RangeError when there is none. */
export function animatedGif(strips: readonly ImageStrip[], frameMs = FRAME_MS): Uint8Array {
  const [first] = strips;
  if (!first) throw new RangeError('There is no picture to write.');
  const { height, width, channels } = first;
  const scale = Math.max(1, Math.ceil(SIDE / Math.max(height, width)));
  const size = height * width * channels;
  const frames = strips.flatMap(({ count, pixels }) => Array.from({ length: count }, (_, i) => pixels.subarray(i * size, (i + 1) * size)));
  const palette = channels === 1 ? greys : quantize(rgba(frames), COLOURS);
  const gif = GIFEncoder();
  for (const [i, frame] of [...frames, ...frames.slice(1, -1).reverse()].entries()) {
    const indices = enlarged(channels === 1 ? frame : applyPalette(rgba([frame]), palette), width, height, scale);
    gif.writeFrame(indices, width * scale, height * scale, { delay: frameMs, ...(i === 0 ? { palette, repeat: 0 } : {}) });
  }
  gif.finish();
  return gif.bytes();
}

function rgba(frames: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(frames.reduce((sum, { length }) => sum + length / 3 * 4, 0));
  let to = 0;
  for (const frame of frames) {
    for (let from = 0; from < frame.length; from += 3, to += 4) {
      all.set(frame.subarray(from, from + 3), to);
      all[to + 3] = 255;
    }
  }
  return all;
}

function enlarged(indices: Uint8Array, width: number, height: number, scale: number): Uint8Array {
  const large = new Uint8Array(indices.length * scale * scale);
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) large[y * width * scale + x] = indices[Math.floor(y / scale) * width + Math.floor(x / scale)] ?? 0;
  }
  return large;
}
