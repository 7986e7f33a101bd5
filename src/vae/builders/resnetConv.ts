import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../knownOptions';
import type { BuilderTools } from '../model';
import { wholeOption, type Networks } from './networks';

/** Residual blocks (He et al. 2016) as in van den Oord et al. 2017, section 4.1: ReLU, 3x3, ReLU, 1x1, added to what came in. */
function residual({ layers }: Pick<BuilderTools, 'layers'>, filters: number, count: number): (x: tf.Tensor) => tf.Tensor {
  const blocks = Array.from({ length: count }, () => [
    layers.reLU(), layers.conv2d({ filters: Math.max(1, filters / 2), kernelSize: 3, padding: 'same' }), layers.reLU(), layers.conv2d({ filters, kernelSize: 1 }),
  ]);
  return (x) => tf.relu(blocks.reduce((before, block) => tf.add(before, block.reduce((y, layer) => layer.apply(y) as tf.Tensor, before)), x));
}

/**
 * Convolutions of 4x4 with stride 2, `downsamplings` of them (default 2: a picture of 28x28 becomes 7x7), each of `filters` (default 64), and `blocks` residual ones (default 2); the decoder in reverse, from a
 * code of numbers or from a grid of codes. The pictures' sides must be multiples of 2 to the power of `downsamplings`. @throws TypeError
 */
export function resnetConv(options: { filters?: number; blocks?: number; downsamplings?: number } = {}): Networks {
  knownOptions('resnetConv', options, { filters: true, blocks: true, downsamplings: true });
  const filters = wholeOption('resnetConv', 'filters', options.filters ?? 64, 2, 4096);
  const blocks = wholeOption('resnetConv', 'blocks', options.blocks ?? 2, 0, 100);
  const downsamplings = wholeOption('resnetConv', 'downsamplings', options.downsamplings ?? 2, 1, 10);
  const gridOf = ([height = 0, width = 0]: readonly number[]): [number, number] => {
    const by = 2 ** downsamplings;
    if (height % by !== 0 || width % by !== 0) throw new TypeError(`resnetConv(): the sides of ${height}x${width} pictures are no multiples of ${by}.`);
    return [height / by, width / by];
  };
  return {
    encoder: (tools) => {
      gridOf(tools.imageShape);
      const down = Array.from({ length: downsamplings }, () => tools.layers.conv2d({ filters, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' }));
      const last = tools.layers.conv2d({ filters, kernelSize: 3, padding: 'same' });
      const rest = residual(tools, filters, blocks);
      return (x) => rest(last.apply(down.reduce((y, layer) => layer.apply(y) as tf.Tensor, x)) as tf.Tensor);
    },
    decoder: (tools) => {
      const { layers } = tools;
      const [height, width] = gridOf(tools.imageShape);
      const spread = layers.dense({ units: height * width * filters, activation: 'relu' });
      const first = layers.conv2d({ filters, kernelSize: 3, padding: 'same' });
      const rest = residual(tools, filters, blocks);
      const up = Array.from({ length: downsamplings }, () => layers.conv2dTranspose({ filters, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' }));
      return (z) => {
        const grid = z.rank === 4 ? z : tf.reshape(spread.apply(z) as tf.Tensor, [z.shape[0] ?? 0, height, width, filters]);
        return up.reduce((y, layer) => layer.apply(y) as tf.Tensor, rest(first.apply(grid) as tf.Tensor));
      };
    },
  };
}
