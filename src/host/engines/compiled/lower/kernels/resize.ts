import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { range } from '../shapes';
import { wideEdge } from '../terms';
import { combined, gatherRows, pixels } from '../windows';

/** How many places of the input one of the output is. */
function ratioOf(k: Kernel, from: number, to: number): number {
  const inner = k.flag('alignCorners') && to > 1 ? 1 : 0;
  return (from - inner) / (to - inner);
}

/** Row r says how output r is made of the inputs: [to, from]. */
function weightsOf(k: Kernel, from: number, to: number): number[][] {
  const ratio = ratioOf(k, from, to);
  return range(to).map((r) => {
    const at = k.flag('halfPixelCenters') ? ratio * (r + 0.5) - 0.5 : ratio * r;
    const low = Math.max(0, Math.floor(at));
    const high = Math.min(from - 1, Math.ceil(at));
    const row = Array.from({ length: from }, () => 0);
    row[low] = (row[low] ?? 0) + 1 - (at - low);
    row[high] = (row[high] ?? 0) + at - low;
    return row;
  });
}

/** x [batch, height, width, channels] with rows and columns mixed by one matrix each: a bilinear resize is a product. */
function mixed(k: Kernel, x: Edge, rows: readonly number[][], columns: readonly number[][]): Edge {
  const { g } = k;
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const matrix = (weights: readonly number[][]): Edge => g.vector(weights.flat(), 'float32', [weights.length, weights[0]?.length ?? 0]);
  const first = g.matMul(matrix(rows), g.reshape(x, [batch, height, width * channels]));
  const second = g.matMul(matrix(columns), g.reshape(first, [batch * rows.length, width, channels]));
  return g.reshape(second, [batch, rows.length, columns.length, channels]);
}

function nearest(k: Kernel, from: number, to: number): number[] {
  const ratio = ratioOf(k, from, to);
  return range(to).map((r) => {
    const at = k.flag('halfPixelCenters') ? ratio * (r + 0.5) : ratio * r;
    return Math.max(0, Math.min(from - 1, k.flag('alignCorners') ? Math.round(at) : Math.floor(at)));
  });
}
/** The pixel each output pixel is a copy of. */
const sources = (k: Kernel, small: readonly number[], large: readonly number[]): number[] =>
  combined(nearest(k, small[1] ?? 1, large[1] ?? 1).map((y) => [y]), nearest(k, small[2] ?? 1, large[2] ?? 1).map((x) => [x]), small[2] ?? 1).flat();

export const resize: Lowerings = {
  ResizeBilinear: (k) => {
    const x = k.term('images');
    const weights = (axis: number): number[][] => weightsOf(k, x.shape[axis] ?? 1, k.shape[axis] ?? 1);
    return k.made(mixed(k, wideEdge(k.g, x), weights(1), weights(2)), x.factor);
  },
  ResizeNearestNeighbor: (k) => {
    const x = k.term('images');
    return k.made(k.g.reshape(gatherRows(k.g, pixels(k.g, wideEdge(k.g, x)), [sources(k, x.shape, k.shape)]), k.shape), x.factor);
  },
};
