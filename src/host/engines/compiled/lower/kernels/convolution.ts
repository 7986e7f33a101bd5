import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { range, type Shape } from '../shapes';
import { wideEdge, type Term } from '../terms';
import { combined, convolutionWindows, gatherRows, patchBytes, patches, pixels, windowsOfPixels, type AxisWindows, type Windows } from '../windows';
import { activated } from './activations';
import { convolvedByConv, filterGradientByConv, inputGradientByConv } from './convOperators';
import { sizeOf } from '../../../sizeOf';

/** Patches larger than this are not made; ONNX Runtime's own convolution is slower but needs no more than its inputs. */
const PATCHES_LIMIT = 64 * 2 ** 20;
const toLast = [0, 2, 3, 1];
const toFirst = [0, 3, 1, 2];

const channelsFirst = (k: Kernel): boolean => k.text('dataFormat', 'NHWC') === 'NCHW';
const permuted = (shape: Shape, perm: readonly number[]): number[] => perm.map((axis) => shape[axis] ?? 1);
/** An image input with channels last, without its factor. */
const image = (k: Kernel, x: Term): Edge => (channelsFirst(k) ? k.g.transpose(wideEdge(k.g, x), toLast) : wideEdge(k.g, x));
const asGiven = (k: Kernel, y: Edge): Edge => (channelsFirst(k) ? k.g.transpose(y, toFirst) : y);
const inShape = (k: Kernel, shape: Shape): Shape => (channelsFirst(k) ? permuted(shape, toLast) : shape);
const gathers = (k: Kernel, windows: Windows, batch: number, channels: number): boolean => !k.g.portable && patchBytes(windows, batch, channels) <= PATCHES_LIMIT;

/** [batch, height, width, in] with [height, width, in, out]: the patches as a matrix times the filter as a matrix. */
function convolved(k: Kernel): Term {
  const { g } = k;
  const [x, filter] = [image(k, k.term('x')), wideEdge(g, k.term('filter'))];
  const factor = k.term('x').factor * k.term('filter').factor;
  const windows = convolutionWindows(k, x.shape, filter.shape);
  const [batch = 1, , , channels = 1] = x.shape;
  const [kh = 1, kw = 1, depth = 1, out = 1] = filter.shape;
  if (depth !== channels) k.refuse('it has groups of channels');
  const shape = [batch, windows.rows.out, windows.columns.out, out];
  if (!gathers(k, windows, batch, channels)) return k.made(asGiven(k, convolvedByConv(g, x, filter, windows, shape)), factor);
  const matrix = g.reshape(patches(g, x, windows), [sizeOf(shape.slice(0, 3)), kh * kw * channels]);
  return k.made(asGiven(k, g.reshape(g.gemm(matrix, g.reshape(filter, [kh * kw * channels, out])), shape)), factor);
}

/** The same patches as the convolution's, transposed, times dy. */
function filterGradient(k: Kernel): Term {
  const { g, shape } = k;
  const [x, dy] = [image(k, k.term('x')), image(k, k.term('dy'))];
  const factor = k.term('x').factor * k.term('dy').factor;
  const windows = convolutionWindows(k, x.shape, shape);
  const [batch = 1, , , channels = 1] = x.shape;
  const out = shape[3] ?? 1;
  if (!gathers(k, windows, batch, channels)) return k.made(filterGradientByConv(g, x, dy, windows, shape), factor);
  const count = sizeOf(dy.shape.slice(0, 3));
  const matrix = g.reshape(patches(g, x, windows), [count, sizeOf(shape.slice(0, 3))]);
  return k.made(g.reshape(g.gemm(matrix, g.reshape(dy, [count, out]), true), shape), factor);
}

/** How the places of one axis that share a phase (their remainder by the step) take from dy: `offsets` from the phase's first output, and the filter's tap for each phase and offset, -1 for none. */
function phasesOf(axis: AxisWindows): { offsets: number[]; taps: number[][] } {
  const phases = range(axis.step);
  const lowest = Math.ceil((axis.before - (axis.size - 1) * axis.dilation) / axis.step);
  const highest = Math.floor((axis.step - 1 + axis.before) / axis.step);
  const offsets = range(highest - lowest + 1).map((i) => lowest + i);
  const taps = phases.map((phase) => offsets.map((offset) => {
    const tap = (phase + axis.before - axis.step * offset) / axis.dilation;
    return Number.isInteger(tap) && tap >= 0 && tap < axis.size ? tap : -1;
  }));
  return { offsets, taps };
}

/**
 * The gradient of the convolution's input, and a transposed convolution: what of dy reaches a step-by-step block of places is gathered for each of its lines, and one product
 * with the filter's taps, sorted by phase, gives all places of the line. Line by line, since no line needs all taps.
 */
function inputGradient(k: Kernel): Term {
  const { g } = k;
  const [dy, filter] = [image(k, k.term('dy')), wideEdge(g, k.term('filter'))];
  const factor = k.term('dy').factor * k.term('filter').factor;
  const shape = inShape(k, k.shape);
  const windows = convolutionWindows(k, shape, filter.shape);
  const { rows, columns } = windows;
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const [kh = 1, kw = 1, , out = 1] = filter.shape;
  if (channels === 1 && !g.portable && patchBytes(windows, batch, channels) <= PATCHES_LIMIT) { // a product with so few columns is slow: each window's part of each pixel instead, then their sums
    const parts = g.gemm(g.reshape(dy, [sizeOf(dy.shape.slice(0, 3)), out]), g.reshape(filter, [kh * kw, out]), false, true);
    const held = gatherRows(g, g.reshape(parts, [batch, rows.out * columns.out * kh * kw, 1]), windowsOfPixels(windows));
    return k.made(asGiven(k, g.reshape(g.reduce('ReduceSum', held, [2]), shape)), factor);
  }
  const [vertical, horizontal] = [phasesOf(rows), phasesOf(columns)];
  const blocks = [Math.ceil(height / rows.step), Math.ceil(width / columns.step)] as const;
  const taps = vertical.offsets.length * horizontal.offsets.length;
  if (g.portable || 4 * batch * blocks[0] * blocks[1] * taps * out > PATCHES_LIMIT) {
    return k.made(asGiven(k, inputGradientByConv(g, dy, filter, windows, shape) ?? k.refuse('its windows go beyond the image')), factor);
  }
  const reached = (count: number, offsets: readonly number[], size: number): number[][] => range(count).map((block) => offsets.map((offset) => (block + offset >= 0 && block + offset < size ? block + offset : -1)));
  const lines = vertical.taps.map((phase) => { // all lines of one phase: [batch * blocks, width * channels]
    const held = range(phase.length).filter((i) => (phase[i] ?? -1) >= 0);
    const size = blocks[1] * columns.step * channels;
    if (held.length === 0) return g.expand(g.scalar(0), [batch * blocks[0], size]);
    const offsets = held.map((i) => vertical.offsets[i] ?? 0);
    const gathered = gatherRows(g, pixels(g, dy), combined(reached(blocks[0], offsets, rows.out), reached(blocks[1], horizontal.offsets, columns.out), columns.out));
    const numbers = combined([held.map((i) => phase[i] ?? -1)], horizontal.taps, kw); // [columns' phases][taps]
    const sorted = gatherRows(g, g.reshape(filter, [1, kh * kw, channels * out]), numbers);
    const count = held.length * horizontal.offsets.length;
    const matrix = g.reshape(g.transpose(g.reshape(sorted, [columns.step, count, channels, out]), [0, 2, 1, 3]), [columns.step * channels, count * out]);
    return g.reshape(g.gemm(g.reshape(gathered, [batch * blocks[0] * blocks[1], count * out]), matrix, false, true), [batch * blocks[0], size]);
  });
  const whole = g.reshape(g.concat(lines, 1), [batch, blocks[0] * rows.step, blocks[1] * columns.step, channels]);
  return k.made(asGiven(k, g.slice(whole, [1, 2], [0, 0], [height, width])), factor);
}

/** Bias and activation behind a convolution, as inference fuses them. */
export function withBiasAndActivation(k: Kernel, made: Term): Term {
  const scaled = k.g.scale(made.edge, made.factor);
  return k.made(activated(k, k.optional('bias') ? k.g.add(scaled, k.edge('bias')) : scaled, k.text('activation', 'linear')));
}

export const convolution: Lowerings = {
  Conv2D: convolved,
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: inputGradient,
  FusedConv2D: (k) => (channelsFirst(k) && k.optional('bias') ? k.refuse('its channels come first') : withBiasAndActivation(k, convolved(k))),
};
