import type { Kernel, Lowerings } from '../kernel';
import { wideEdge, type Term } from '../terms';
import { convolutionWindows, filledUp, gatherRows, patches, pixels, pixelsOfWindows, type Windows } from '../windows';
import { withBiasAndActivation } from './convolution';
import { sizeOf } from '../../../sizeOf';

/** Each channel with filters of its own: [height, width, channels, multiplier]. */
function convolved(k: Kernel): Term {
  const { g } = k;
  const [x, filter] = [wideEdge(g, k.term('x')), wideEdge(g, k.term('filter'))];
  const windows = convolutionWindows(k, x.shape, filter.shape, true);
  const [kh = 1, kw = 1, channels = 1, multiplier = 1] = filter.shape;
  const seen = patches(g, x, windows);
  const [batch = 1, count = 1] = seen.shape;
  const products = multiplier === 1
    ? g.mul(seen, g.reshape(filter, [kh * kw, channels]))
    : g.mul(g.reshape(seen, [batch, count, kh * kw, channels, 1]), g.reshape(filter, [kh * kw, channels, multiplier]));
  return k.made(g.reshape(g.reduce('ReduceSum', products, [2]), k.shape), k.term('x').factor * k.term('filter').factor);
}

function filterGradient(k: Kernel): Term {
  const { g, shape } = k;
  const [x, dy] = [wideEdge(g, k.term('x')), wideEdge(g, k.term('dy'))];
  const [kh = 1, kw = 1, channels = 1, multiplier = 1] = shape;
  const count = sizeOf(dy.shape.slice(0, 3));
  const seen = g.reshape(patches(g, x, convolutionWindows(k, x.shape, shape, true)), [count, kh * kw, channels, 1]);
  const products = g.mul(seen, g.reshape(dy, [count, 1, channels, multiplier]));
  return k.made(g.reshape(g.reduce('ReduceSum', products, [0]), shape), k.term('x').factor * k.term('dy').factor);
}

/** For each pixel and each tap of the filter the window that holds the pixel there, -1 for none: [pixels][taps]. */
function windowsByTap(windows: Windows): number[][] {
  const all = Array.from({ length: windows.rows.in * windows.columns.in }, () => Array.from({ length: windows.rows.size * windows.columns.size }, () => -1));
  pixelsOfWindows(windows).forEach((taps, window) => taps.forEach((pixel, tap) => { if (pixel >= 0) (all[pixel] ?? [])[tap] = window; }));
  return filledUp(all);
}

function inputGradient(k: Kernel): Term {
  const { g, shape } = k;
  const [dy, filter] = [wideEdge(g, k.term('dy')), wideEdge(g, k.term('filter'))];
  const [kh = 1, kw = 1, channels = 1, multiplier = 1] = filter.shape;
  const reached = gatherRows(g, pixels(g, dy), windowsByTap(convolutionWindows(k, shape, filter.shape, true)));
  const total = g.reduce('ReduceSum', g.mul(reached, g.reshape(filter, [kh * kw, channels * multiplier])), [2]);
  const apart = g.reshape(total, [...shape.slice(0, 3), channels, multiplier]);
  return k.made(g.reshape(g.reduce('ReduceSum', apart, [4]), shape), k.term('dy').factor * k.term('filter').factor);
}

export const depthwise: Lowerings = {
  DepthwiseConv2dNative: convolved,
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
  DepthwiseConv2dNativeBackpropInput: inputGradient,
  FusedDepthwiseConv2D: (k) => withBiasAndActivation(k, convolved(k)),
};
