import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { range } from '../shapes';
import { wideEdge } from '../terms';
import { gatherRows, patches, pixels, pixelsOfWindows, poolingWindows, windowsOfPixels, type Windows } from '../windows';

/** Smaller than any pixel. */
const LOWEST = -3.4028234663852886e38;

/** One over the number of pixels in each window; padding is none. [windows, 1], or [] where all are alike. */
function shares(k: Kernel, windows: Windows): Edge {
  const values = pixelsOfWindows(windows).map((taps) => 1 / taps.filter((pixel) => pixel >= 0).length);
  return values.every((value) => value === values[0]) ? k.g.scalar(values[0] ?? 1) : k.g.vector(values, 'float32', [values.length, 1]);
}
/** For each pixel the windows that hold it. */
function holders(windows: Windows): number[][] {
  const taps = windows.rows.size * windows.columns.size;
  return windowsOfPixels(windows).map((list) => list.map((entry) => (entry < 0 ? -1 : Math.floor(entry / taps))));
}

export const pooling: Lowerings = {
  MaxPool: (k) => k.made(k.g.reshape(k.g.reduce('ReduceMax', patches(k.g, k.full('x'), poolingWindows(k, k.term('x').shape), LOWEST), [2]), k.shape)),
  /** dy goes to the first of a window's largest pixels. */
  MaxPoolGrad: (k) => {
    const { g } = k;
    const x = k.full('input');
    const windows = poolingWindows(k, x.shape);
    const seen = patches(g, x, windows, LOWEST);
    const [batch = 1, count = 1, taps = 1, channels = 1] = seen.shape;
    const winner = g.node('ArgMax', [seen], 'int64', [batch, count, 1, channels], { axis: { int: 2 }, keepdims: { int: 1 } });
    const won = g.compare('Equal', winner, g.vector(range(taps), 'int64', [taps, 1]));
    const dy = g.reshape(wideEdge(g, k.term('dy')), [batch, count, 1, channels]);
    const routed = g.reshape(g.where(won, dy, g.scalar(0)), [batch, count * taps, channels]);
    return k.made(g.reshape(g.reduce('ReduceSum', gatherRows(g, routed, windowsOfPixels(windows)), [2]), k.shape), k.term('dy').factor);
  },
  AvgPool: (k) => {
    const x = k.term('x');
    const windows = poolingWindows(k, x.shape);
    const total = k.g.reduce('ReduceSum', patches(k.g, wideEdge(k.g, x), windows), [2]);
    const [batch = 1, count = 1, , channels = 1] = total.shape;
    return k.made(k.g.reshape(k.g.mul(k.g.reshape(total, [batch, count, channels]), shares(k, windows)), k.shape), x.factor);
  },
  /** As TensorFlow.js's kernel: padding takes a share of a window's dy too, which is not the gradient of AvgPool; gradients that are right scale dy before. */
  AvgPoolGrad: (k) => {
    const { g } = k;
    const windows = poolingWindows(k, k.shape);
    const dy = k.term('dy');
    const gathered = gatherRows(g, pixels(g, wideEdge(g, dy)), holders(windows));
    return k.made(g.reshape(g.reduce('ReduceSum', gathered, [2]), k.shape), dy.factor / (windows.rows.size * windows.columns.size));
  },
};
