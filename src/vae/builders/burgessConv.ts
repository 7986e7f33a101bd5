import { knownOptions } from '../knownOptions';
import type { Networks } from './networks';

const FILTERS = 32;
const UNITS = 256;

/**
 * The convolutions of Burgess et al. 2018 (appendix A.1), for pictures of up to 64x64: of 4x4 with stride 2 and 32 filters, three for `size` 32 and four for 64, down to 4x4, and two dense layers of 256;
 * the decoder in reverse. Smaller pictures are framed by black, and cut out again. Default `size`: 32 where that holds the pictures, else 64. @throws TypeError
 */
export function burgessConv(options: { size?: 32 | 64 } = {}): Networks {
  knownOptions('burgessConv', options, { size: true });
  const { size } = options;
  if (size !== undefined && ![32, 64].includes(size)) throw new TypeError(`burgessConv(): size must be 32 or 64; got ${String(size)}.`);
  const sizeFor = ([height, width]: readonly number[]): number => {
    const most = Math.max(height ?? 0, width ?? 0);
    const taken = size ?? (most <= 32 ? 32 : 64);
    if (most > taken) throw new TypeError(`burgessConv(): pictures of ${height}x${width} do not fit into ${taken}x${taken}.`);
    return taken;
  };
  /** Rows before and after, columns before and after. */
  const frame = (side: number, [height = 0, width = 0]: readonly number[]): [[number, number], [number, number]] => {
    const around = (length: number): [number, number] => [Math.floor((side - length) / 2), Math.ceil((side - length) / 2)];
    return [around(height), around(width)];
  };
  const isFramed = ([rows, columns]: readonly (readonly number[])[]): boolean => [...rows ?? [], ...columns ?? []].some((pixels) => pixels > 0);
  return {
    encoder: ({ layers, imageShape }) => {
      const side = sizeFor(imageShape);
      const padding = frame(side, imageShape);
      return [
        ...(isFramed(padding) ? [layers.zeroPadding2d({ padding })] : []),
        ...Array.from({ length: Math.log2(side) - 2 }, () => layers.conv2d({ filters: FILTERS, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' })),
        layers.flatten(), layers.dense({ units: UNITS, activation: 'relu' }), layers.dense({ units: UNITS, activation: 'relu' }),
      ];
    },
    decoder: ({ layers, imageShape }) => {
      const side = sizeFor(imageShape);
      const cropping = frame(side, imageShape);
      const up = Math.log2(side) - 2;
      return [
        layers.dense({ units: UNITS, activation: 'relu' }), layers.dense({ units: UNITS, activation: 'relu' }), layers.dense({ units: 16 * FILTERS, activation: 'relu' }), layers.reshape({ targetShape: [4, 4, FILTERS] }),
        // The last one has a filter a channel: the output layer added to it then multiplies by one number a channel, which it might as well do itself.
        ...Array.from({ length: up }, (_, i) => layers.conv2dTranspose({ filters: i === up - 1 ? imageShape[2] : FILTERS, kernelSize: 4, strides: 2, padding: 'same', ...(i === up - 1 ? {} : { activation: 'relu' as const }) })),
        ...(isFramed(cropping) ? [layers.cropping2D({ cropping })] : []),
      ];
    },
  };
}
