import type { ImageStrip } from '../../protocol/images';

/** Pictures `factor` times smaller, each pixel the mean of those it stands for; the same strip where it is 1. */
export function shrunk(strip: ImageStrip, factor: number): ImageStrip {
  if (factor <= 1) return strip;
  const { count, channels } = strip;
  const [height, width] = [Math.max(1, Math.floor(strip.height / factor)), Math.max(1, Math.floor(strip.width / factor))];
  const [tall, wide] = [Math.min(factor, strip.height), Math.min(factor, strip.width)];
  const pixels = new Uint8Array(count * height * width * channels);
  let to = 0;
  for (let i = 0; i < count; i++) for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let dy = 0; dy < tall; dy++) for (let dx = 0; dx < wide; dx++) sum += strip.pixels[((i * strip.height + y * factor + dy) * strip.width + x * factor + dx) * channels + c] ?? 0;
    pixels[to++] = Math.round(sum / (tall * wide));
  }
  return { count, height, width, channels, pixels };
}

/** Pictures `factor` times larger, each pixel a square; the same strip where it is at most 1. */
export function enlarged(strip: ImageStrip, factor: number): ImageStrip {
  if (factor <= 1) return strip;
  const { count, channels } = strip;
  const [height, width] = [strip.height * factor, strip.width * factor];
  const pixels = new Uint8Array(count * height * width * channels);
  let to = 0;
  for (let i = 0; i < count; i++) for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const from = ((i * strip.height + Math.floor(y / factor)) * strip.width + Math.floor(x / factor)) * channels;
    pixels.set(strip.pixels.subarray(from, from + channels), to);
    to += channels;
  }
  return { count, height, width, channels, pixels };
}
