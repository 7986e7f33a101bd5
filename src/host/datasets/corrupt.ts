import type { Corruption } from '../../vae/data/index';
import type { ImageShape } from '../engines/engine';

type Of<K extends Corruption['kind']> = Extract<Corruption, { readonly kind: K }>;
interface Corruptor<C> {
  /** What random numbers it takes, and how many a picture. */
  readonly draws: 'normals' | 'uniforms';
  count(shape: ImageShape): number;
  /** Changes a picture of values in [0, 1]. */
  apply(corruption: C, picture: Float32Array, draws: Float32Array, shape: ImageShape): void;
}
const pixels = ([height, width]: ImageShape): number => height * width;

/** Sets all channels of a pixel. */
function paint(picture: Float32Array, pixel: number, channels: number, value: number): void {
  for (let c = 0; c < channels; c++) picture[pixel * channels + c] = value;
}

/** How each corruption is done. */
const corruptors: { readonly [K in Corruption['kind']]: Corruptor<Of<K>> } = {
  gaussianNoise: {
    draws: 'normals', count: ([height, width, channels]) => height * width * channels,
    apply: ({ sigma }, picture, draws) => { for (let k = 0; k < picture.length; k++) picture[k] = Math.min(1, Math.max(0, (picture[k] ?? 0) + sigma * (draws[k] ?? 0))); },
  },
  saltAndPepper: {
    draws: 'uniforms', count: pixels,
    apply: ({ share }, picture, draws, [, , channels]) => {
      for (let pixel = 0; pixel < draws.length; pixel++) {
        const u = draws[pixel] ?? 1;
        if (u < share) paint(picture, pixel, channels, u < share / 2 ? 0 : 1);
      }
    },
  },
  maskPixels: {
    draws: 'uniforms', count: pixels,
    apply: ({ share }, picture, draws, [, , channels]) => { for (let pixel = 0; pixel < draws.length; pixel++) if ((draws[pixel] ?? 1) < share) paint(picture, pixel, channels, 0); },
  },
  maskBox: {
    draws: 'uniforms', count: () => 2,
    apply: (box, picture, [down = 0, across = 0], [height, width, channels]) => {
      const [boxHeight, boxWidth] = [Math.min(box.height, height), Math.min(box.width, width)];
      const top = Math.floor(down * (height - boxHeight + 1));
      const left = Math.floor(across * (width - boxWidth + 1));
      for (let y = top; y < top + boxHeight; y++) picture.fill(0, (y * width + left) * channels, (y * width + left + boxWidth) * channels);
    },
  },
};
function corruptorOf<K extends Corruption['kind']>(corruption: Of<K>): Corruptor<Of<K>> { return corruptors[corruption.kind as K]; }

/** The random numbers that a corruption takes for one picture. */
export function drawsOf(corruption: Corruption, shape: ImageShape): { readonly kind: 'normals' | 'uniforms'; readonly count: number } {
  const { draws, count } = corruptorOf(corruption);
  return { kind: draws, count: count(shape) };
}

/** Corrupts one picture [height, width, channels] of values in [0, 1] where it is. */
export function corrupt(corruption: Corruption, picture: Float32Array, draws: Float32Array, shape: ImageShape): void {
  corruptorOf(corruption).apply(corruption, picture, draws, shape);
}
