import * as tf from '@tensorflow/tfjs';
import type { CallReader } from '../callReader';
import type { Edge } from './builder';
import type { Ops } from './ops';
import { range, type Shape } from './shapes';
import { sizeOf } from '../../sizeOf';

/** One axis of a convolution or pooling: `out` windows of `size` places, `step` apart, over `in` places with `before` and `after` of padding. */
export interface AxisWindows { readonly in: number; readonly out: number; readonly size: number; readonly step: number; readonly dilation: number; readonly before: number; readonly after: number }
export interface Windows { readonly rows: AxisWindows; readonly columns: AxisWindows }

type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
const windowsOf = (info: Info): Windows => ({
  rows: { in: info.inHeight, out: info.outHeight, size: info.filterHeight, step: info.strideHeight, dilation: info.dilationHeight, before: info.padInfo.top, after: info.padInfo.bottom },
  columns: { in: info.inWidth, out: info.outWidth, size: info.filterWidth, step: info.strideWidth, dilation: info.dilationWidth, before: info.padInfo.left, after: info.padInfo.right },
});

type Four = [number, number, number, number];
const four = (k: CallReader, shape: Shape): Four => (shape.length === 4 ? [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1, shape[3] ?? 1] : k.refuse('it is not of rank 4'));
function two(k: CallReader, name: string): [number, number] {
  if (!k.has(name)) return [1, 1];
  const [a = 1, b = a] = k.numbers(name);
  return [a, b];
}
function paddingOf(k: CallReader): 'same' | 'valid' | number | tf.backend_util.ExplicitPadding {
  const pad = k.call.attributes['pad'];
  if (pad === 'same' || pad === 'valid' || typeof pad === 'number') return pad;
  const [batch, rows, columns, channels] = k.pairs('pad');
  return batch && rows && columns && channels ? [batch, rows, columns, channels] : k.refuse('its padding is of another kind');
}
function roundingOf(k: CallReader): 'floor' | 'round' | 'ceil' | undefined {
  const mode = k.call.attributes['dimRoundingMode'];
  return mode === 'floor' || mode === 'round' || mode === 'ceil' ? mode : undefined;
}

/** A convolution's windows; shapes are [batch, height, width, channels] and [height, width, in, out]. */
export const convolutionWindows = (k: CallReader, input: Shape, filter: Shape, depthwise = false): Windows =>
  windowsOf(tf.backend_util.computeConv2DInfo(four(k, input), four(k, filter), two(k, 'strides'), two(k, 'dilations'), paddingOf(k), roundingOf(k), depthwise));
export const poolingWindows = (k: CallReader, input: Shape): Windows =>
  windowsOf(tf.backend_util.computePool2DInfo(four(k, input), two(k, 'filterSize'), two(k, 'strides'), 1, paddingOf(k), roundingOf(k)));

/** For each window its places, -1 for padding: [windows][places], along one axis. */
const places = (axis: AxisWindows): number[][] => range(axis.out).map((o) => range(axis.size).map((tap) => {
  const at = o * axis.step - axis.before + tap * axis.dilation;
  return at >= 0 && at < axis.in ? at : -1;
}));
/** Both axes together: row-major numbers of places in the image, -1 where either is outside. */
export function combined(rows: readonly number[][], columns: readonly number[][], width: number): number[][] {
  return rows.flatMap((ys) => columns.map((xs) => ys.flatMap((y) => xs.map((x) => (y < 0 || x < 0 ? -1 : y * width + x)))));
}
/** For each window, rows first, its pixels: [windows][taps]. */
export const pixelsOfWindows = ({ rows, columns }: Windows): number[][] => combined(places(rows), places(columns), columns.in);

/** The other way round: for each pixel the (window, tap) pairs that hold it, as `window * taps + tap`, filled up with -1 to equal length. */
export function windowsOfPixels(windows: Windows): number[][] {
  const pixels = range(windows.rows.in * windows.columns.in).map((): number[] => []);
  pixelsOfWindows(windows).forEach((taps, window) => taps.forEach((pixel, tap) => pixels[pixel]?.push(window * taps.length + tap)));
  return filledUp(pixels);
}
export function filledUp(lists: readonly (readonly number[])[]): number[][] {
  const most = Math.max(1, ...lists.map((list) => list.length));
  return lists.map((list) => [...list, ...Array.from({ length: most - list.length }, () => -1)]);
}

const MANY = 16;
/**
 * Rows of x [batch, rows, channels] by number, into [batch, numbers, ..., channels]; -1 takes a row of `filling`. One Gather in the layout TensorFlow.js keeps
 * images in, no transposes: patches made so, and multiplied, are twice as fast as ONNX Runtime's Conv.
 */
export function gatherRows(g: Ops, x: Edge, numbers: readonly (readonly number[])[], filling = 0): Edge {
  const [batch = 1, count = 1, channels = 1] = x.shape;
  const shape = [numbers.length, numbers[0]?.length ?? 0];
  const flat = numbers.flat();
  if (flat.length === count && flat.every((number, i) => number === i)) return g.reshape(x, [batch, ...shape, channels]);
  const outside = flat.includes(-1);
  if (channels === 1 && batch >= MANY) { // single floats are gathered slowly: a pixel's floats of the whole batch go together
    const across = g.transpose(g.reshape(x, [batch, count]), [1, 0]);
    const rows = outside ? g.concat([across, g.expand(g.scalar(filling), [1, batch])], 0) : across;
    const made = g.gather(rows, g.vector(flat.map((number) => (number < 0 ? count : number)), 'int32'), 0);
    return g.reshape(g.transpose(made, [1, 0]), [batch, ...shape, 1]);
  }
  const rows = outside ? g.concat([x, g.expand(g.scalar(filling), [batch, 1, channels])], 1) : x;
  return g.gather(rows, g.vector(flat.map((number) => (number < 0 ? count : number)), 'int32', shape), 1);
}
/** [batch, height, width, channels] as [batch, pixels, channels]. */
export const pixels = (g: Ops, x: Edge): Edge => g.reshape(x, [x.shape[0] ?? 1, (x.shape[1] ?? 1) * (x.shape[2] ?? 1), x.shape[3] ?? 1]);
/** What each window sees of x: [batch, windows, taps, channels]. */
export const patches = (g: Ops, x: Edge, windows: Windows, filling = 0): Edge => gatherRows(g, pixels(g, x), pixelsOfWindows(windows), filling);
/** Bytes of such patches. */
export const patchBytes = ({ rows, columns }: Windows, batch: number, channels: number): number => 4 * batch * channels * sizeOf([rows.out, rows.size, columns.out, columns.size]);
