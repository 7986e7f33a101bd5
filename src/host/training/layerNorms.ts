import type { LayerNorms } from '../../protocol/run';
import type { WeightNorms } from '../engines/engine';

/** `encoder/1/0-kernel` belongs to the layer `encoder/1`, `mean/bias` to `mean`; a person's own variable stands for itself. */
const layerOf = (weight: string): string => (/^\w+\/own\//.test(weight) ? weight : weight.slice(0, weight.lastIndexOf('/')));

/** What an update did, weight by weight, summed up by layer; undefined where a number is not finite, which the next loss will tell. */
export function layerNorms(weights: readonly WeightNorms[]): Record<string, LayerNorms> | undefined {
  const squares = new Map<string, { gradient: number; change: number; weight: number }>();
  for (const { name, gradient, change, weight } of weights) {
    const sums = squares.get(layerOf(name)) ?? { gradient: 0, change: 0, weight: 0 };
    squares.set(layerOf(name), { gradient: sums.gradient + gradient ** 2, change: sums.change + change ** 2, weight: sums.weight + weight ** 2 });
  }
  const layers = [...squares].map(([layer, { gradient, change, weight }]) => [layer, { gradientNorm: Math.sqrt(gradient), updateRatio: weight === 0 ? 0 : Math.sqrt(change / weight) }] as const);
  return layers.every(([, { gradientNorm, updateRatio }]) => Number.isFinite(gradientNorm) && Number.isFinite(updateRatio)) ? Object.fromEntries(layers) : undefined;
}
