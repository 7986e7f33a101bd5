import type { Picture } from './picture';

/** For each place of a line of `to` pixels, where of a line of `from` pixels it is taken, and with what weights. */
function taps(from: number, to: number): { first: number; weights: Float64Array }[] {
  const scale = from / to;
  const support = Math.max(1, scale); // smaller pictures average over all that falls together
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(from, Math.floor(centre + support + 0.5));
    const weights = Float64Array.from({ length: end - first }, (__, k) => Math.max(0, 1 - Math.abs((first + k + 0.5 - centre) / support)));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** Brings a picture to another size: bilinear when it grows, averaged over triangles of the pixels that fall together when it shrinks, first across and then down. */
export function resize(picture: Picture, height: number, width: number): Picture {
  const { channels } = picture;
  if (picture.height === height && picture.width === width) return picture;
  const across = new Float64Array(picture.height * width * channels);
  taps(picture.width, width).forEach(({ first, weights }, x) => {
    for (let y = 0; y < picture.height; y++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += (weights[k] ?? 0) * (picture.data[(y * picture.width + first + k) * channels + c] ?? 0);
        across[(y * width + x) * channels + c] = sum;
      }
    }
  });
  const data = new Uint8Array(height * width * channels);
  const row = width * channels;
  taps(picture.height, height).forEach(({ first, weights }, y) => {
    for (let k = 0; k < row; k++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (across[(first + i) * row + k] ?? 0);
      data[y * row + k] = Math.round(sum);
    }
  });
  return { height, width, channels, data };
}

/** The middle of a picture in the proportions of a size. */
export function cropTo(picture: Picture, height: number, width: number): Picture {
  const scale = Math.min(picture.height / height, picture.width / width);
  const [h, w] = [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
  if (h === picture.height && w === picture.width) return picture;
  const [top, left] = [Math.floor((picture.height - h) / 2), Math.floor((picture.width - w) / 2)];
  const { channels } = picture;
  const data = new Uint8Array(h * w * channels);
  for (let y = 0; y < h; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + w * channels), y * w * channels);
  }
  return { height: h, width: w, channels, data };
}
